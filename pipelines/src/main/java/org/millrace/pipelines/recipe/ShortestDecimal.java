package org.millrace.pipelines.recipe;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A number in as few decimal digits as tell it apart. Double.toString is not that: its digits
 * changed with JDK 19 (JDK-4511638), and a recipe's hash must not change with the JDK.
 */
public final class ShortestDecimal {

  private ShortestDecimal() {}

  /** The decimal number that a double was written as. */
  public static BigDecimal of(double number) {
    if (number == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal exact = new BigDecimal(number);
    int digits = 1;
    while (exact.round(new MathContext(digits)).doubleValue() != number) {
      digits++;
    }
    return exact.round(new MathContext(digits)).stripTrailingZeros();
  }
}
