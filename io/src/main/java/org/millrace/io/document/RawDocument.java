package org.millrace.io.document;

/**
 * A document as a record gives it.
 *
 * @param offset its place in its file: bytes, or rows
 * @param id the id that the record holds; empty where its place is its id
 * @param text well-formed Unicode
 * @param meta canonical JSON
 */
record RawDocument(long offset, String id, String text, String meta) {}
