package org.millrace.io.document;

import java.util.Locale;

/** Says why a record cannot be used. */
final class RecordException extends Exception {

  private final String kind;

  private RecordException(String kind, String message) {
    // Thrown for each bad record, and nobody asks where from.
    super(message, null, false, false);
    this.kind = kind;
  }

  static RecordException invalidJson(String message) {
    return new RecordException("InvalidJson", message);
  }

  static RecordException notAnObject(String found) {
    return new RecordException("NotAnObject", "expected a JSON object, got " + found);
  }

  static RecordException missingText(String message) {
    return new RecordException("MissingText", message);
  }

  static RecordException missingId(String message) {
    return new RecordException("MissingId", message);
  }

  static RecordException missingSource(String message) {
    return new RecordException("MissingSource", message);
  }

  static RecordException unknownSource(String message) {
    return new RecordException("UnknownSource", message);
  }

  static RecordException invalidText(String message) {
    return new RecordException(
        "InvalidText", message + "; read.invalid_text: replace puts U+FFFD in its place");
  }

  static RecordException tooLarge(long bytes, long limit) {
    return new RecordException(
        "RecordTooLarge",
        String.format(
            Locale.ROOT,
            "%d bytes, at most %d are read; read.max_document_bytes sets the limit",
            bytes,
            limit));
  }

  static RecordException wrongEncoding(String encoding) {
    return new RecordException(
        "WrongEncoding", "the file is " + encoding + ", expected UTF-8; convert it first");
  }

  static RecordException unknownContent(String message) {
    return new RecordException("UnknownContent", message);
  }

  static RecordException damagedFile(String message) {
    return new RecordException("DamagedFile", message);
  }

  /** What the failures output calls it. */
  String kind() {
    return kind;
  }
}
