package org.millrace.transforms.fim;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.util.Optional;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.hash.StableRandom;

/**
 * Moves the middle of a text behind its end, for a model to learn to fill it in; and back.
 *
 * <pre>
 * PSM             PRE prefix SUF suffix MID middle
 * SPM, variant 1  SUF suffix PRE prefix MID middle
 * SPM, variant 2  PRE SUF suffix MID prefix middle
 * </pre>
 *
 * <p>Whether a text is permuted, where it is cut, and whether its suffix comes first, is drawn from
 * a {@link StableRandom}; the cuts are at any two places, each with the same probability, so that
 * any part may be empty. A text that holds a sentinel already is left alone, so that what was done
 * can always be told from the ids.
 *
 * @see <a href="https://arxiv.org/abs/2207.14255">Bavarian et al.: Efficient training of language
 *     models to fill in the middle</a>, 2022
 */
final class FimPermuter {

  /** What became of a text. */
  enum Fate {
    /** It is as it was, by chance. */
    KEPT,
    /** It has its prefix first. */
    PSM,
    /** It has its suffix first. */
    SPM,
    /** It has no token. */
    EMPTY,
    /** It holds a sentinel, and nothing was drawn. */
    HOLDS_SENTINEL,
    /** It was to be permuted, but could not be cut without damage. */
    NOT_CUT
  }

  /**
   * A text after its draw.
   *
   * @param tokens as they are now
   */
  record Result(Fate fate, TokenIds tokens) {
    boolean isPermuted() {
      return switch (fate) {
        case PSM, SPM -> true;
        case KEPT, EMPTY, HOLDS_SENTINEL, NOT_CUT -> false;
      };
    }
  }

  private final FimTokens sentinels;
  private final double rate;
  private final double spmRate;
  private final SpmVariant variant;
  private final FimSpans spans;

  /**
   * A permuter.
   *
   * @param rate the probability that a text is permuted
   * @param spmRate the probability that a permuted text has its suffix first
   */
  FimPermuter(
      FimTokens sentinels, double rate, double spmRate, SpmVariant variant, FimSpans spans) {
    checkArgument(rate >= 0 && rate <= 1, "rate must be in 0..1, was %s", rate);
    checkArgument(spmRate >= 0 && spmRate <= 1, "SPM rate must be in 0..1, was %s", spmRate);
    this.sentinels = sentinels;
    this.rate = rate;
    this.spmRate = spmRate;
    this.variant = variant;
    this.spans = spans;
  }

  /** Permutes a text, or not, as is drawn. */
  Result permute(TokenIds text, StableRandom random) {
    if (text.isEmpty()) {
      return new Result(Fate.EMPTY, text);
    }
    if (holdsSentinel(sentinels, text)) {
      return new Result(Fate.HOLDS_SENTINEL, text);
    }
    if (!random.chance(rate)) {
      return new Result(Fate.KEPT, text);
    }
    boolean suffixFirst = random.chance(spmRate);
    Optional<FimParts> parts = spans.cut(text, random);
    if (parts.isEmpty()) {
      return new Result(Fate.NOT_CUT, text);
    }
    return new Result(suffixFirst ? Fate.SPM : Fate.PSM, joined(parts.orElseThrow(), suffixFirst));
  }

  private TokenIds joined(FimParts parts, boolean suffixFirst) {
    IdList ids = new IdList(parts.length() + 3);
    if (!suffixFirst) {
      ids.add(sentinels.prefix()).add(parts.prefix());
      ids.add(sentinels.suffix()).add(parts.suffix());
      return ids.add(sentinels.middle()).add(parts.middle()).tokens();
    }
    switch (variant) {
      case VARIANT_1 -> {
        ids.add(sentinels.suffix()).add(parts.suffix());
        ids.add(sentinels.prefix()).add(parts.prefix());
        ids.add(sentinels.middle()).add(parts.middle());
      }
      case VARIANT_2 -> {
        ids.add(sentinels.prefix());
        ids.add(sentinels.suffix()).add(parts.suffix());
        ids.add(sentinels.middle()).add(parts.prefix()).add(parts.middle());
      }
    }
    return ids.tokens();
  }

  private static boolean holdsSentinel(FimTokens sentinels, TokenIds text) {
    for (int i = 0; i < text.length(); i++) {
      if (sentinels.isSentinel(text.get(i))) {
        return true;
      }
    }
    return false;
  }
}
