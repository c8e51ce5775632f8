package org.millrace.transforms.logits;

/**
 * {@code e^x} for the softmax: the same bits on every machine, as {@link Math#exp} need not give
 * them, and faster than {@link StrictMath#exp}. The relative error is below 1e-10.
 */
final class Exponential {

  private static final int STEPS = 64;
  private static final double[] POWERS = powers();
  private static final double STEPS_BY_LN2 = STEPS / 0.6931471805599453;
  private static final double LN2_BY_STEPS = 0.6931471805599453 / STEPS;

  /** Added and taken away again, it rounds to a whole number: there are no bits for fractions. */
  private static final double ROUNDER = 0x1.8p52;

  private Exponential() {}

  private static double[] powers() {
    double[] powers = new double[STEPS];
    for (int i = 0; i < STEPS; i++) {
      powers[i] = StrictMath.pow(2, (double) i / STEPS);
    }
    return powers;
  }

  /**
   * Of a number that is not above 0; below -700 it is 0, as it is in single precision long before.
   */
  static double of(double x) {
    if (x < -700) {
      return 0;
    }
    // x = (n / 64) ln 2 + r, with |r| < 0.0055: e^x = 2^(n / 64) * e^r, and e^r by its series.
    double rounded = x * STEPS_BY_LN2 + ROUNDER;
    int n = (int) Double.doubleToRawLongBits(rounded);
    double r = x - (rounded - ROUNDER) * LN2_BY_STEPS;
    double series = 1 + r * (1 + r * (0.5 + r * (1.0 / 6)));
    double power = Double.longBitsToDouble((long) ((n >> 6) + 1023) << 52);
    return POWERS[n & (STEPS - 1)] * power * series;
  }
}
