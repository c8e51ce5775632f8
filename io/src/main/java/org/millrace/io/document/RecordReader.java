package org.millrace.io.document;

import java.io.IOException;

/**
 * A format's way from bytes to documents. A new format is a class that implements this and a
 * constant of {@link DocumentFormat}.
 */
interface RecordReader {

  /**
   * Reads the records whose first byte lies in the range.
   *
   * @throws IOException if the file system fails; damage in the file is a bad record
   */
  void read(RangeContent content, RecordReceiver receiver) throws IOException;
}
