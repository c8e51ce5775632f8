package org.millrace.transforms.window;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;

/**
 * How a run of tokens is cut into windows. Window j is made of {@code context} tokens from {@code j
 * * stride} on, {@code stride} more, which are its own, as no other window has them in that place,
 * and up to {@code after} that follow, where there are any.
 *
 * <p>What does not fill a window's own tokens at the end, fewer than {@code stride}, is the tail.
 *
 * @param context 0 or more
 * @param stride 1 or more
 * @param after 0 or more
 */
public record Windows(int context, int stride, int after) implements Serializable {

  /** No one trains on longer ones. */
  private static final int MAX_TOKENS = 1 << 26;

  public Windows {
    checkArgument(context >= 0, "context must be 0 or more, was %s", context);
    checkArgument(stride >= 1, "stride must be 1 or more, was %s", stride);
    checkArgument(after >= 0, "after must be 0 or more, was %s", after);
    checkArgument(
        (long) context + stride + after <= MAX_TOKENS,
        "a window must have at most %s tokens, was %s",
        MAX_TOKENS,
        (long) context + stride + after);
  }

  /** Windows of one length, each with its own tokens at the end. */
  public static Windows of(int context, int stride) {
    return new Windows(context, stride, 0);
  }

  /** The number of windows in a run of tokens. */
  public long count(long tokens) {
    return tokens < (long) context + stride ? 0 : (tokens - context) / stride;
  }

  /** Where a window begins in its run. */
  public long start(long window) {
    return window * stride;
  }

  /** The number of tokens of a window, in a run of {@code tokens}. */
  public int length(long window, long tokens) {
    return (int) Math.min((long) context + stride + after, tokens - start(window));
  }
}
