package org.millrace.runners.benchmark;

import java.util.Arrays;
import java.util.List;

/** The middle one of several figures. */
final class Median {

  private Median() {}

  /** Of an even number the higher one of the two in the middle. */
  static double of(List<Double> values) {
    return of(values.stream().mapToDouble(value -> value).toArray());
  }

  /** The same of an array. */
  static double of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
