package org.millrace.io.document;

/**
 * A document as a record gives it.
 *
 * @param offset its place in its file: bytes, or rows
 * @param id the id that the record holds; empty where its place is its id
 * @param source the source that the record says; empty where that of its file is meant
 * @param text well-formed Unicode
 * @param meta canonical JSON
 */
record RawDocument(long offset, String id, String source, String text, String meta) {

  /** A document of its file's source. */
  RawDocument(long offset, String id, String text, String meta) {
    this(offset, id, "", text, meta);
  }
}
