package org.millrace.transforms.sort;

import java.io.IOException;
import java.util.Arrays;
import org.millrace.transforms.data.OrderKey;

/**
 * Where each spooled element is, and its key: flat arrays, so that an element takes 28 bytes, 36
 * while sorting.
 */
final class SpoolIndex {

  /** Decides between elements with equal keys. */
  interface TieBreak {
    int compare(int left, int right) throws IOException;
  }

  private long[] high = new long[64];
  private long[] low = new long[64];
  private long[] position = new long[64];
  private int[] length = new int[64];
  private int size;

  void add(long keyHigh, long keyLow, long at, int bytes) {
    if (size == high.length) {
      int capacity = Math.addExact(size, Math.max(size >> 1, 64));
      high = Arrays.copyOf(high, capacity);
      low = Arrays.copyOf(low, capacity);
      position = Arrays.copyOf(position, capacity);
      length = Arrays.copyOf(length, capacity);
    }
    high[size] = keyHigh;
    low[size] = keyLow;
    position[size] = at;
    length[size] = bytes;
    size++;
  }

  OrderKey key(int element) {
    return new OrderKey(high[element], low[element]);
  }

  long position(int element) {
    return position[element];
  }

  int length(int element) {
    return length[element];
  }

  /**
   * The numbers of the elements, sorted by key. A merge sort: never more than n log n comparisons.
   */
  int[] sorted(TieBreak tieBreak) throws IOException {
    int[] from = new int[size];
    for (int i = 0; i < size; i++) {
      from[i] = i;
    }
    int[] to = new int[size];
    for (int width = 1; width < size; width = width > size / 2 ? size : 2 * width) {
      for (int start = 0; start < size; start += Math.min(2 * width, size - start)) {
        int middle = start + Math.min(width, size - start);
        merge(from, to, start, middle, middle + Math.min(width, size - middle), tieBreak);
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  private void merge(int[] from, int[] to, int start, int middle, int end, TieBreak tieBreak)
      throws IOException {
    int left = start;
    int right = middle;
    for (int at = start; at < end; at++) {
      boolean takeLeft =
          right == end || (left < middle && compare(from[left], from[right], tieBreak) <= 0);
      to[at] = takeLeft ? from[left++] : from[right++];
    }
  }

  private int compare(int left, int right, TieBreak tieBreak) throws IOException {
    int order = Long.compareUnsigned(high[left], high[right]);
    order = order != 0 ? order : Long.compareUnsigned(low[left], low[right]);
    return order != 0 ? order : tieBreak.compare(left, right);
  }
}
