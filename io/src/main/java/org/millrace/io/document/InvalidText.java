package org.millrace.io.document;

/** What becomes of text that is not well-formed: invalid UTF-8, lone surrogates. */
public enum InvalidText {
  /** Its record is a bad record. */
  REJECT,
  /** U+FFFD takes the place of what is not well-formed. */
  REPLACE
}
