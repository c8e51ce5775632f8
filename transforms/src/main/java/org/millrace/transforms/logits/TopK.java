package org.millrace.transforms.logits;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.Locale;

/**
 * Makes of a position's logits the most probable tokens and their probabilities.
 *
 * <p>The probabilities are the softmax over the whole vocabulary, in single precision. Of equal
 * logits that of the smaller id comes first. Behind the k probabilities stands the sum of all
 * others. Depends on the logits alone, to the last bit and on every machine.
 *
 * <p>Keeps what it works with: not for several threads.
 */
final class TopK {

  private final int k;
  private final boolean logarithms;
  private final long[] heap;
  private final int[] taken;
  private final double[] exponentials;

  /**
   * Takes the {@code k} most probable.
   *
   * @param logarithms whether the probabilities' natural logarithms are wanted instead
   */
  TopK(int k, boolean logarithms) {
    checkArgument(k > 0, "k must be 1 or more, was %s", k);
    this.k = k;
    this.logarithms = logarithms;
    this.heap = new long[k];
    this.taken = new int[k];
    this.exponentials = new double[k];
  }

  /**
   * Works on one position.
   *
   * @param logits at least k of them
   * @param ids takes k of them, from {@code idsAt} on
   * @param values takes k + 1 of them, from {@code valuesAt} on
   * @throws ArithmeticException where a logit is no finite number, with its id
   */
  void of(float[] logits, int[] ids, int idsAt, float[] values, int valuesAt) {
    select(logits);
    for (int i = 0; i < k; i++) {
      taken[i] = (int) ~heap[k - 1 - i];
      ids[idsAt + i] = taken[i];
      checkFinite(logits, taken[i]);
    }
    float max = logits[taken[0]];
    double sum = 0;
    for (int i = 0; i < k; i++) {
      exponentials[i] = StrictMath.exp((double) logits[taken[i]] - max);
      sum += exponentials[i];
    }
    double rest = rest(logits, max);
    sum += rest;
    for (int i = 0; i < k; i++) {
      double logit = (double) logits[ids[idsAt + i]] - max;
      values[valuesAt + i] =
          (float) (logarithms ? logit - StrictMath.log(sum) : exponentials[i] / sum);
    }
    double probability = rest / sum;
    values[valuesAt + k] = (float) (logarithms ? StrictMath.log(probability) : probability);
  }

  /**
   * What is not taken, before it is brought to 1: summed by itself, as beside what is taken, beside
   * a 1, a small rest would be lost.
   */
  private double rest(float[] logits, float max) {
    Arrays.sort(taken);
    double rest = 0;
    int from = 0;
    for (int id : taken) {
      rest += Exponential.sum(logits, from, id, max);
      from = id + 1;
    }
    rest += Exponential.sum(logits, from, logits.length, max);
    if (Double.isNaN(rest)) {
      for (int id = 0; id < logits.length; id++) {
        checkFinite(logits, id);
      }
    }
    return rest;
  }

  private static void checkFinite(float[] logits, int id) {
    if (!Float.isFinite(logits[id])) {
      throw new ArithmeticException(
          String.format(
              Locale.ROOT,
              "the logit of token %d: expected a finite number, got %s",
              id,
              logits[id]));
    }
  }

  /** Leaves the best in the heap, sorted, the best last. */
  private void select(float[] logits) {
    for (int id = 0; id < k; id++) {
      heap[id] = rank(logits[id], id);
    }
    // The least of them is the first; a later id with an equal logit ranks below it.
    for (int parent = k / 2 - 1; parent >= 0; parent--) {
      sink(parent);
    }
    float least = logits[(int) ~heap[0]];
    for (int id = k; id < logits.length; id++) {
      if (logits[id] > least) {
        heap[0] = rank(logits[id], id);
        sink(0);
        least = logits[(int) ~heap[0]];
      }
    }
    Arrays.sort(heap);
  }

  /** A number that is larger for a larger logit, and among equal ones for a smaller id. */
  private static long rank(float logit, int id) {
    // Adding 0 makes -0 the 0 that it equals.
    int bits = Float.floatToRawIntBits(logit + 0f);
    int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    return ((long) ordered << 32) | (~id & 0xFFFF_FFFFL);
  }

  private void sink(int from) {
    long moved = heap[from];
    int at = from;
    for (int child = 2 * at + 1; child < k; child = 2 * at + 1) {
      if (child + 1 < k && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= moved) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moved;
  }
}
