package org.millrace.transforms.fim;

import org.millrace.transforms.data.TokenIds;

/**
 * What the ids of a text, from a document's begin to its end-of-text, say of a permutation.
 *
 * @param kind whether and how it was permuted
 * @param original the text before; where it is not known, the ids as they are
 * @param prefix how many ids of the original, as far as is known, are of the prefix; with the
 *     suffix first in {@link SpmVariant#VARIANT_2} the prefix counts as a part of the middle, as no
 *     token stands between them
 * @param middle how many, behind these, are of the middle
 */
public record FimPattern(Kind kind, TokenIds original, int prefix, int middle) {

  /** Whether and how a text was permuted. */
  public enum Kind {
    /** It was not. */
    PLAIN,
    /** Prefix, suffix, middle. */
    PSM,
    /** Suffix, prefix, middle; or PSM with an empty prefix, which looks the same. */
    SPM,
    /** It was, and a part is missing: a sample ended before it did, or began behind its begin. */
    TRUNCATED
  }

  /** Finds the pattern of a text. */
  public static FimPattern of(TokenIds text, FimTokens sentinels) {
    int first = next(text, 0, sentinels);
    if (first == text.length()) {
      return new FimPattern(Kind.PLAIN, text, 0, 0);
    }
    int second = next(text, first + 1, sentinels);
    int third = next(text, second + 1, sentinels);
    boolean whole =
        first == 0
            && third < text.length()
            && text.get(third) == sentinels.middle()
            && text.get(first) != text.get(second)
            && text.get(second) != sentinels.middle()
            && text.get(first) != sentinels.middle()
            && next(text, third + 1, sentinels) == text.length();
    if (!whole) {
      return new FimPattern(Kind.TRUNCATED, text, 0, 0);
    }
    TokenIds one = text.slice(1, second);
    TokenIds other = text.slice(second + 1, third);
    TokenIds middle = text.slice(third + 1, text.length());
    boolean prefixFirst = text.get(first) == sentinels.prefix();
    TokenIds prefix = prefixFirst ? one : other;
    TokenIds suffix = prefixFirst ? other : one;
    TokenIds original = new IdList(text.length()).add(prefix).add(middle).add(suffix).tokens();
    Kind kind = prefixFirst && second > 1 ? Kind.PSM : Kind.SPM;
    return new FimPattern(kind, original, prefix.length(), middle.length());
  }

  /** The place of the next sentinel; the length of the text where there is none. */
  private static int next(TokenIds text, int from, FimTokens sentinels) {
    for (int i = from; i < text.length(); i++) {
      if (sentinels.isSentinel(text.get(i))) {
        return i;
      }
    }
    return text.length();
  }
}
