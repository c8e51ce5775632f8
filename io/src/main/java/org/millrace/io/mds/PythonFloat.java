package org.millrace.io.mds;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as Python's {@code repr} writes them: the fewest digits that give the number back, and of
 * those the nearest to it.
 *
 * <p>{@code Double.toString} does not do: its notation is another one, and before Java 19 it writes
 * more digits than it must.
 */
final class PythonFloat {

  private static final int MAX_DIGITS = 17;

  // Python/pystrtod.c, format_float_short, 'r': an exponent below 1e-4 and from 1e16 on
  private static final int FIRST_PLAIN = -4;
  private static final int FIRST_LARGE = 16;

  private PythonFloat() {}

  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
    double absolute = Math.abs(value);
    if (Double.isInfinite(value)) {
      return sign + "inf";
    }
    return sign + (absolute == 0 ? "0.0" : positive(absolute));
  }

  private static String positive(double value) {
    BigDecimal shortest = shortest(value).stripTrailingZeros();
    String digits = shortest.unscaledValue().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    if (exponent < FIRST_PLAIN || exponent >= FIRST_LARGE) {
      String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
      String power = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
      return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + power;
    }
    String plain = shortest.toPlainString();
    return plain.indexOf('.') < 0 ? plain + ".0" : plain;
  }

  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < MAX_DIGITS; digits++) {
      BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (gives(nearest, value)) {
        return nearest;
      }
      // Above a power of two the doubles are twice as far apart as below it: there the farther
      // one can give the number back where the nearest does not.
      BigDecimal above = exact.round(new MathContext(digits, RoundingMode.CEILING));
      if (gives(above, value)) {
        return above;
      }
    }
    return exact.round(new MathContext(MAX_DIGITS, RoundingMode.HALF_EVEN));
  }

  private static boolean gives(BigDecimal decimal, double value) {
    return Double.parseDouble(decimal.toString()) == value;
  }
}
