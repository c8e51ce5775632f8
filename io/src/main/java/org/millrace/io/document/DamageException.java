package org.millrace.io.document;

import java.io.IOException;

/** Says that the compressed bytes of a file are damaged or end too early. */
final class DamageException extends IOException {

  private final long offset;

  DamageException(long offset, String message, Throwable cause) {
    super(message, cause);
    this.offset = offset;
  }

  /** How many decompressed bytes came before the damage. */
  long offset() {
    return offset;
  }
}
