package org.millrace.transforms.logits;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;

/**
 * What is kept of a teacher's logits, and how sequences are brought to it.
 *
 * @param k how many ids are kept for each position
 * @param logarithms whether natural logarithms of probabilities are kept, not the probabilities
 * @param batchTokens the most tokens that a batch has, padding included; a single sequence may have
 *     more. Floating-point sums can depend on the shape of a batch, so this is a part of what
 *     decides the output
 */
public record TargetSettings(int k, boolean logarithms, int batchTokens) implements Serializable {

  /** More would be more than the logits themselves take. */
  public static final int MAX_K = 1 << 16;

  public TargetSettings {
    checkArgument(k > 0 && k <= MAX_K, "k must be in 1..%s, was %s", MAX_K, k);
    checkArgument(batchTokens > 0, "batchTokens must be 1 or more, was %s", batchTokens);
  }
}
