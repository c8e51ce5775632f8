package org.millrace.transforms.tokenize.bpe;

/**
 * A tokenizer.json holds a part that {@link BpeTokenizer} cannot follow to the letter. The message
 * names it, as in "normalizer Lowercase".
 */
public final class UnsupportedTokenizerException extends Exception {

  private static final long serialVersionUID = 1L;

  UnsupportedTokenizerException(String part) {
    super(part);
  }
}
