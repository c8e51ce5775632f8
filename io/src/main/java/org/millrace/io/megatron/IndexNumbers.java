package org.millrace.io.megatron;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.millrace.io.stored.Finding;

/** The numbers of an index one after another, little-endian. */
final class IndexNumbers implements Closeable {

  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final String name;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private long filled;

  /**
   * Takes a stream over.
   *
   * @param name of the file, for an error
   * @param offset of the stream in the file
   */
  IndexNumbers(InputStream in, String name, long offset) {
    this.in = in;
    this.name = name;
    this.filled = offset;
  }

  /** Where the next number is. */
  long offset() {
    return filled - buffer.remaining();
  }

  byte nextByte() throws IOException {
    return have(Byte.BYTES).get();
  }

  int nextInt() throws IOException {
    return have(Integer.BYTES).getInt();
  }

  long nextLong() throws IOException {
    return have(Long.BYTES).getLong();
  }

  private ByteBuffer have(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      int kept = buffer.compact().position();
      int read = in.readNBytes(buffer.array(), kept, BUFFER_BYTES - kept);
      filled += read;
      buffer.position(0).limit(kept + read);
      if (buffer.remaining() < bytes) {
        String got = buffer.remaining() + ", then the end";
        throw new EOFException(
            Finding.at(name, offset(), "bytes of a number", bytes, got).toString());
      }
    }
    return buffer;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
