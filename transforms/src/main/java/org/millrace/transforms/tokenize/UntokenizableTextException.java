package org.millrace.transforms.tokenize;

import java.util.Locale;

/** A text that a tokenizer cannot turn into ids: the text is at fault, others go on. */
public final class UntokenizableTextException extends RuntimeException {

  public UntokenizableTextException(String message) {
    super(message);
  }

  public UntokenizableTextException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Refuses a text that a library would need too much memory for. */
  static void checkLength(String text, int max) {
    if (text.length() > max) {
      throw new UntokenizableTextException(
          String.format(
              Locale.ROOT,
              "the text has %d UTF-16 units, expected at most %d: split the document",
              text.length(),
              max));
    }
  }
}
