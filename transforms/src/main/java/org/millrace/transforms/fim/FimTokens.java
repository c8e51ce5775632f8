package org.millrace.transforms.fim;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.stream.IntStream;

/**
 * The sentinels of fill-in-the-middle: the ids of the tokens that stand before the parts of a
 * permuted text, and of the token that fills a row which got shorter.
 *
 * @param prefix before the prefix, PRE in the paper
 * @param middle before the middle, MID
 * @param suffix before the suffix, SUF
 * @param pad behind a text
 */
public record FimTokens(int prefix, int middle, int suffix, int pad) implements Serializable {

  public FimTokens {
    checkArgument(
        IntStream.of(prefix, middle, suffix, pad).allMatch(id -> id >= 0),
        "sentinels must be ids of 0 or more, were prefix %s, middle %s, suffix %s, pad %s",
        prefix,
        middle,
        suffix,
        pad);
    checkArgument(
        prefix != middle && middle != suffix && suffix != prefix,
        "the sentinels must be three tokens, were prefix %s, middle %s, suffix %s",
        prefix,
        middle,
        suffix);
    checkArgument(
        pad != prefix && pad != middle && pad != suffix,
        "the padding %s must be none of the sentinels %s, %s and %s",
        pad,
        prefix,
        middle,
        suffix);
  }

  /** Whether an id stands before a part. */
  public boolean isSentinel(int id) {
    return id == prefix || id == middle || id == suffix;
  }
}
