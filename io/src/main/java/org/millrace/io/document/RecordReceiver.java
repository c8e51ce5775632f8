package org.millrace.io.document;

/** Takes what a {@link RecordReader} finds, in the file's order. */
interface RecordReceiver {

  void document(RawDocument document);

  /**
   * Takes a record that cannot be used.
   *
   * @param offset its place in its file
   * @param excerpt its beginning
   */
  void bad(long offset, RecordException reason, String excerpt);

  /** Is told of bytes of the file as they are consumed. */
  void consumed(long bytes);
}
