package org.millrace.transforms.sort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Puts elements together that came in several blocks. There are few: each is larger than a block.
 */
final class SpoolFragments {

  private static final class Element {
    final TreeMap<Integer, Long> positions = new TreeMap<>();
    final int total;
    int received;

    Element(int total) {
      this.total = total;
    }
  }

  private final Map<UUID, Element> open = new HashMap<>();
  private final List<Element> complete = new ArrayList<>();

  /**
   * Reads a fragment behind its entry's header; gives back the element's size when it is complete,
   * else -1.
   */
  int add(ByteBuffer entry, byte[] block, SpoolFile file) throws IOException {
    UUID id = new UUID(entry.getLong(), entry.getLong());
    int total = entry.getInt();
    int offset = entry.getInt();
    int size = entry.getInt();
    Element element = open.computeIfAbsent(id, key -> new Element(total));
    element.positions.put(offset, file.append(block, entry.position(), size));
    entry.position(entry.position() + size);
    element.received += size;
    if (element.received < total) {
      return -1;
    }
    open.remove(id);
    complete.add(element);
    return total;
  }

  /** What stands for the position of the element that was completed last: a negative number. */
  long completed() {
    return -complete.size();
  }

  void checkComplete() throws IOException {
    if (!open.isEmpty()) {
      throw new IOException(
          "a group ended before all parts of " + open.size() + " large elements had come");
    }
  }

  /** Reads {@code length} bytes of an element, from its byte {@code from} on. */
  void read(long position, int from, byte[] target, int length, SpoolFile file) throws IOException {
    Element element = complete.get((int) -position - 1);
    int done = 0;
    while (done < length) {
      Map.Entry<Integer, Long> part = element.positions.floorEntry(from + done);
      Integer following = element.positions.higherKey(from + done);
      int partEnd = following == null ? element.total : following;
      int inPart = from + done - part.getKey();
      int count = Math.min(length - done, partEnd - from - done);
      file.read(part.getValue() + inPart, target, done, count);
      done += count;
    }
  }
}
