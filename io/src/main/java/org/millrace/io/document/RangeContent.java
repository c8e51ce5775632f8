package org.millrace.io.document;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/**
 * A range of a file.
 *
 * @param start of the range in bytes; 0 in a compressed file
 * @param end of the range in bytes; beyond all bytes in a compressed file
 * @param consumed is told of bytes of the file as they are read
 */
record RangeContent(
    ByteSource source, Compression compression, long start, long end, LongConsumer consumed) {

  /** The decompressed bytes of the file from a place on, which is 0 in a compressed file. */
  InputStream open(long from) throws IOException {
    return compression == Compression.NONE
        ? ChannelInput.open(source, from, consumed)
        : new DecompressedInput(source, compression, consumed);
  }
}
