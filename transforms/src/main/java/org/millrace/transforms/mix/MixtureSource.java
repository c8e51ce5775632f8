package org.millrace.transforms.mix;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.math.BigDecimal;

/**
 * What a mixture is to take of a source.
 *
 * @param name of the source, unlike all others
 * @param measure what the amount is
 * @param amount how much; 0 takes nothing
 * @param available how many samples the source has
 */
public record MixtureSource(String name, Measure measure, BigDecimal amount, long available)
    implements Serializable {

  /** How an amount is meant. */
  public enum Measure {
    /** A share of what such sources have together, in proportion to the other weights. */
    WEIGHT,
    /** How many times all samples are taken, also in part, as 0.5. */
    EPOCHS
  }

  public MixtureSource {
    checkArgument(
        amount.signum() >= 0,
        "source %s: %s must be 0 or more, was %s",
        name,
        measure == Measure.WEIGHT ? "weight" : "epochs",
        amount);
    checkArgument(
        amount.signum() == 0 || available > 0,
        "source %s has no sample, and cannot be taken; leave it out, or set its weight to 0",
        name);
  }

  /** A source with a weight. */
  public static MixtureSource weighted(String name, String weight, long available) {
    return new MixtureSource(name, Measure.WEIGHT, new BigDecimal(weight), available);
  }

  /** A source that is taken a number of times. */
  public static MixtureSource repeated(String name, String epochs, long available) {
    return new MixtureSource(name, Measure.EPOCHS, new BigDecimal(epochs), available);
  }

  boolean isWeighted() {
    return measure == Measure.WEIGHT;
  }
}
