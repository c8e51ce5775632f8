package org.millrace.runners;

import java.util.OptionalInt;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.fim.FimPattern;
import org.millrace.transforms.fim.FimTokens;

/**
 * A text of a sample as it was before it was permuted for fill-in-the-middle.
 *
 * @param ids with its begin and end tokens, where it has them
 * @param said what was done to it, in words; empty where nothing was
 */
record UnpermutedText(TokenIds ids, String said) {

  /**
   * Undoes what was done to a text.
   *
   * @param part its ids in the sample, begin and end tokens included
   * @param atEnd whether the sample ends with it
   */
  static UnpermutedText of(
      TokenIds part, FimTokens sentinels, OptionalInt endOfText, boolean atEnd) {
    int end = part.length();
    boolean ended = end > 0 && endOfText.isPresent() && part.get(end - 1) == endOfText.getAsInt();
    int behind = ended ? end - 1 : end;
    // A begin token stays before the pattern.
    boolean begun =
        behind > 1 && !sentinels.isSentinel(part.get(0)) && sentinels.isSentinel(part.get(1));
    int from = begun && part.get(1) != sentinels.middle() ? 1 : 0;
    FimPattern pattern = FimPattern.of(part.slice(from, behind), sentinels);
    return switch (pattern.kind()) {
      case PLAIN -> new UnpermutedText(part, "");
      case TRUNCATED ->
          new UnpermutedText(
              part,
              "permuted, and cut off by an end of the sample: it cannot be put back, and is shown as"
                  + " it is");
      case PSM, SPM -> {
        int suffix = pattern.original().length() - pattern.prefix() - pattern.middle();
        String parts =
            String.format(
                "permuted (%s: prefix of %d tokens, suffix of %d, middle of %d), shown as it was%s",
                pattern.kind(),
                pattern.prefix(),
                suffix,
                pattern.middle(),
                atEnd && !ended ? "; the sample's end may have cut its middle" : "");
        yield new UnpermutedText(
            join(part.slice(0, from), pattern.original(), part.slice(behind, end)), parts);
      }
    };
  }

  private static TokenIds join(TokenIds begin, TokenIds text, TokenIds end) {
    int[] ids = new int[begin.length() + text.length() + end.length()];
    begin.copyTo(ids, 0);
    text.copyTo(ids, begin.length());
    end.copyTo(ids, begin.length() + text.length());
    return TokenIds.wrap(ids);
  }
}
