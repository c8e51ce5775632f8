package org.millrace.transforms.tokenize.bpe;

import java.util.Arrays;

/** A heap of longs, the least first: a PriorityQueue without an object for each. */
final class LongHeap {

  private static final int START = 1 << 8;

  private long[] values = new long[START];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  /** The least value of a heap that is not empty. */
  long first() {
    return values[0];
  }

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (values[parent] <= value) {
        break;
      }
      values[at] = values[parent];
      at = parent;
    }
    values[at] = value;
  }

  /** Takes the least value out of a heap that is not empty. */
  long removeFirst() {
    long first = values[0];
    long moved = values[--size];
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && values[child + 1] < values[child]) {
        child++;
      }
      if (moved <= values[child]) {
        break;
      }
      values[at] = values[child];
      at = child;
    }
    values[at] = moved;
    return first;
  }

  /** Lets go of what a long text has made large. */
  void trim() {
    if (values.length > START << 6) {
      values = new long[START];
    }
  }
}
