package org.millrace.transforms.tokenize;

/** Two engines give a text different ids: one of them is wrong, and no dataset may be made so. */
public final class TokenizerMismatchException extends RuntimeException {

  public TokenizerMismatchException(String message) {
    super(message);
  }
}
