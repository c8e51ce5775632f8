package org.millrace.transforms.tokenize;

/** A text that a tokenizer cannot turn into ids: the text is at fault, others go on. */
public final class UntokenizableTextException extends RuntimeException {

  public UntokenizableTextException(String message) {
    super(message);
  }

  public UntokenizableTextException(String message, Throwable cause) {
    super(message, cause);
  }
}
