package org.millrace.transforms.data;

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
public final class Half {

  private static final double SMALLEST = 0x1p-24; // the step below 2^-14
  private static final int MIN_EXPONENT = -14;
  private static final int MAX_EXPONENT = 15;
  private static final int FRACTION_BITS = 10;
  private static final int INFINITY = 0x7C00;
  private static final int NAN = 0x7E00;

  private Half() {}

  /** The nearest half, ties to even; infinity from 65,520 on. */
  public static short of(double value) {
    int sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
    if (Double.isNaN(value)) {
      return (short) (sign | NAN);
    }
    double absolute = Math.abs(value);
    int exponent = Math.getExponent(absolute);
    if (exponent > MAX_EXPONENT) {
      return (short) (sign | INFINITY);
    }
    if (exponent < MIN_EXPONENT) {
      return (short) (sign | (int) Math.rint(absolute / SMALLEST));
    }
    // The fraction with its leading 1, which then counts as 1 in the exponent; a carry does too.
    int fraction = (int) Math.rint(Math.scalb(absolute, FRACTION_BITS - exponent));
    return (short) (sign | (((exponent - MIN_EXPONENT) << FRACTION_BITS) + fraction));
  }

  /** The value, exactly. */
  public static double value(short half) {
    int exponent = half >> FRACTION_BITS & 0x1F;
    int fraction = half & 0x3FF;
    double absolute =
        switch (exponent) {
          case 0 -> fraction * SMALLEST;
          case 0x1F -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> Math.scalb((double) (0x400 | fraction), exponent - 1 - 24);
        };
    return half < 0 ? -absolute : absolute;
  }
}
