package org.millrace.transforms.tokenize.bpe;

/**
 * A text that {@link BpeTokenizer} leaves to the reference, because it holds something on which the
 * two might differ. Other texts go on. There is no stack trace: this is an answer, not an accident.
 */
public final class UnsupportedTextException extends Exception {

  private static final long serialVersionUID = 1L;

  UnsupportedTextException(String reason) {
    super(reason, null, false, false);
  }
}
