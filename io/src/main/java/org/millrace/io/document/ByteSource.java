package org.millrace.io.document;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;

/** Where the bytes of a file come from. May be opened any number of times. */
interface ByteSource {

  /** A channel at the file's first byte. */
  ReadableByteChannel open() throws IOException;

  /** The file's size. */
  long bytes();

  /** The file's name, for messages. */
  String name();
}
