package org.millrace.transforms.tokenize.bpe;

import java.util.Arrays;

/** Ids in an array that grows. */
final class IdBuffer {

  /** A larger array is not kept for the next text. */
  private static final int KEPT = 1 << 19;

  private int[] ids = new int[1 << 12];
  private int count;

  int count() {
    return count;
  }

  int get(int index) {
    return ids[index];
  }

  int[] array() {
    return ids;
  }

  void add(int id) {
    if (count == ids.length) {
      reserve(1);
    }
    ids[count++] = id;
  }

  void add(int[] source, int from, int to) {
    reserve(to - from);
    System.arraycopy(source, from, ids, count, to - from);
    count += to - from;
  }

  /** Makes room, so that as many may be written to the array and then {@link #skip}ped. */
  int[] reserve(int more) {
    if (count + more > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(count + more, ids.length + (ids.length >> 1)));
    }
    return ids;
  }

  void skip(int more) {
    count += more;
  }

  void clear() {
    count = 0;
    if (ids.length > KEPT) {
      ids = new int[1 << 12];
    }
  }

  int[] toArray() {
    return Arrays.copyOf(ids, count);
  }
}
