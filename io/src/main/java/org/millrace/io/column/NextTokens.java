package org.millrace.io.column;

import java.util.Arrays;
import java.util.OptionalInt;
import org.millrace.transforms.data.TokenIds;

/** What a model is to predict at each token, and where that counts. */
public final class NextTokens {

  private NextTokens() {}

  /** {@code labels[j] = tokens[j + 1]}; the last is {@code next}, or else the last token again. */
  public static TokenIds labels(TokenIds tokens, OptionalInt next) {
    int length = tokens.length();
    if (length == 0) {
      return tokens;
    }
    int[] labels = new int[length];
    tokens.slice(1, length).copyTo(labels, 0);
    labels[length - 1] = next.orElse(tokens.get(length - 1));
    return TokenIds.wrap(labels);
  }

  /**
   * 1 where the label comes from a document.
   *
   * @param length of the sample, padding included
   * @param content how many tokens come from documents
   * @param next whether it is known what follows the last token
   */
  public static TokenIds mask(int length, int content, boolean next) {
    int[] mask = new int[length];
    int ones = next && content == length ? length : Math.max(0, content - 1);
    Arrays.fill(mask, 0, ones, 1);
    return TokenIds.wrap(mask);
  }
}
