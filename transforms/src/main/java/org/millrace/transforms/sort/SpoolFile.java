package org.millrace.transforms.sort;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Bytes that are appended once and then read anywhere: in memory while they are few, else in a
 * local file.
 */
final class SpoolFile implements Closeable {

  /**
   * What is kept in memory before the first byte goes to the file, and then gathered for each
   * write.
   */
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path path;
  private byte[] buffer = new byte[1 << 14];
  private int buffered;
  private long written;
  private FileChannel channel;

  /**
   * @param path a file that does not exist yet; it is made only when it is needed, and deleted at
   *     the end
   */
  SpoolFile(Path path) {
    this.path = path;
  }

  /** Appends bytes and gives back the position of the first. */
  long append(byte[] bytes, int offset, int length) throws IOException {
    long position = written + buffered;
    if (buffer.length - buffered < length) {
      makeRoom(length);
    }
    if (length > buffer.length) {
      writeFully(ByteBuffer.wrap(bytes, offset, length));
    } else {
      System.arraycopy(bytes, offset, buffer, buffered, length);
      buffered += length;
    }
    return position;
  }

  private void makeRoom(int length) throws IOException {
    if (buffered + length <= BUFFER_BYTES) {
      int capacity = Math.max(buffered + length, Math.min(2 * buffer.length, BUFFER_BYTES));
      buffer = Arrays.copyOf(buffer, capacity);
    } else {
      spill();
    }
  }

  private void spill() throws IOException {
    if (channel == null) {
      channel =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    }
    writeFully(ByteBuffer.wrap(buffer, 0, buffered));
    buffered = 0;
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    written += bytes.remaining();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Ends the appending. */
  void seal() throws IOException {
    if (channel != null) {
      spill();
      buffer = new byte[0];
    }
  }

  /** Fills {@code target} up to {@code length} from {@code position}; only after {@link #seal}. */
  void read(long position, byte[] target, int offset, int length) throws IOException {
    if (channel == null) {
      System.arraycopy(buffer, (int) position, target, offset, length);
      return;
    }
    ByteBuffer into = ByteBuffer.wrap(target, offset, length);
    while (into.hasRemaining()) {
      if (channel.read(into, position + into.position() - offset) < 0) {
        throw new EOFException(
            path + ": ended before " + (position + length) + ", at " + channel.size());
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      Files.deleteIfExists(path);
    }
  }
}
