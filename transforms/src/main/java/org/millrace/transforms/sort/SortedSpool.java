package org.millrace.transforms.sort;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.millrace.transforms.data.OrderKey;

/**
 * The elements of one group in the order of their keys, handed out once.
 *
 * <p>The group is read once and spooled to a local file; memory holds 36 bytes for each element,
 * and one element. Elements with equal keys are ordered by their encoded bytes, as unsigned: a
 * total order that needs no help from the runner.
 *
 * @param <T> the type of the elements
 */
public final class SortedSpool<T> implements Closeable {

  private static final int COMPARE_BYTES = 64;

  private final Coder<T> coder;
  private final SpoolFile file;
  private final SpoolIndex index = new SpoolIndex();
  private final SpoolFragments fragments = new SpoolFragments();
  private int[] order;
  private int next;
  private byte[] bytes = new byte[1 << 12];

  private SortedSpool(Coder<T> coder, Path path) {
    this.coder = coder;
    this.file = new SpoolFile(path);
  }

  /**
   * Reads a group and sorts it.
   *
   * @param blocks a group of {@link SortedGroups}; iterated once
   * @param coder the coder of the elements
   * @param path a local file that does not exist; used when the group is large, deleted by {@link
   *     #close}
   */
  public static <T> SortedSpool<T> of(Iterable<Block> blocks, Coder<T> coder, Path path)
      throws IOException {
    SortedSpool<T> spool = new SortedSpool<>(coder, path);
    try {
      for (Block block : blocks) {
        spool.add(block);
      }
      spool.sort();
      return spool;
    } catch (IOException | RuntimeException e) {
      try (spool) {
        throw e;
      }
    }
  }

  private void add(Block block) throws IOException {
    ByteBuffer entries = ByteBuffer.wrap(block.bytes());
    while (entries.hasRemaining()) {
      long high = entries.getLong();
      long low = entries.getLong();
      int length = entries.getInt();
      if (length == Block.FRAGMENT) {
        int total = fragments.add(entries, block.bytes(), file);
        if (total >= 0) {
          index.add(high, low, fragments.completed(), total);
        }
      } else {
        index.add(high, low, file.append(block.bytes(), entries.position(), length), length);
        entries.position(entries.position() + length);
      }
    }
  }

  private void sort() throws IOException {
    fragments.checkComplete();
    file.seal();
    order = index.sorted(this::compareBytes);
  }

  /** The number of elements in the group. */
  public long size() {
    return order.length;
  }

  /** Whether {@link #next} has more to give. */
  public boolean hasNext() {
    return next < order.length;
  }

  /** The key of the element that {@link #next} gives next. */
  public OrderKey nextKey() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return index.key(order[next]);
  }

  /** The next element. */
  public T next() throws IOException {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int element = order[next++];
    int length = index.length(element);
    if (bytes.length < length || bytes.length > Block.LIMIT) {
      bytes = new byte[Math.max(length, 1 << 12)];
    }
    read(element, 0, bytes, length);
    return coder.decode(new ByteArrayInputStream(bytes, 0, length));
  }

  private void read(int element, int from, byte[] target, int length) throws IOException {
    long position = index.position(element);
    if (position < 0) {
      fragments.read(position, from, target, length, file);
    } else {
      file.read(position + from, target, 0, length);
    }
  }

  private int compareBytes(int left, int right) throws IOException {
    byte[] leftBytes = new byte[COMPARE_BYTES];
    byte[] rightBytes = new byte[COMPARE_BYTES];
    int shorter = Math.min(index.length(left), index.length(right));
    for (int at = 0; at < shorter; at += COMPARE_BYTES) {
      int count = Math.min(COMPARE_BYTES, shorter - at);
      read(left, at, leftBytes, count);
      read(right, at, rightBytes, count);
      int order = Arrays.compareUnsigned(leftBytes, 0, count, rightBytes, 0, count);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(index.length(left), index.length(right));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
