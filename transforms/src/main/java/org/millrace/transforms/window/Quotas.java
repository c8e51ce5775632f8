package org.millrace.transforms.window;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/** How many windows are taken of what. */
public final class Quotas {

  private Quotas() {}

  /**
   * A domain's part of a target: {@code target * weight}, without the fraction. Computed in
   * decimals, as 0.67 * 35000 is 23450 there.
   */
  public static long ofDomain(long target, BigDecimal weight) {
    return weight
        .multiply(BigDecimal.valueOf(target))
        .setScale(0, RoundingMode.DOWN)
        .longValueExact();
  }

  /**
   * Spreads a target over files as evenly as they allow: all give the same number, but for those
   * that have fewer, which give all; of what then is left, the first ones give one more each.
   *
   * @param available how many each has
   * @return how many each gives: together the target, or all there are
   */
  public static long[] spread(long target, long[] available) {
    checkArgument(target >= 0, "target must be 0 or more, was %s", target);
    long all = Arrays.stream(available).reduce(0, Math::addExact);
    long level = level(Math.min(target, all), available);
    long[] quotas = new long[available.length];
    long left = Math.min(target, all);
    for (int i = 0; i < quotas.length; i++) {
      quotas[i] = Math.min(available[i], level);
      left -= quotas[i];
    }
    for (int i = 0; left > 0; i++) {
      if (available[i] > level) {
        quotas[i]++;
        left--;
      }
    }
    return quotas;
  }

  /** The largest number that all can give, those with fewer all they have, within the target. */
  private static long level(long target, long[] available) {
    long[] sorted = available.clone();
    Arrays.sort(sorted);
    long left = target;
    for (int i = 0; i < sorted.length; i++) {
      long share = left / (sorted.length - i);
      if (sorted[i] > share) {
        return share;
      }
      left -= sorted[i];
    }
    return sorted.length == 0 ? 0 : sorted[sorted.length - 1];
  }
}
