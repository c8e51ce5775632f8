package org.millrace.io.column;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.millrace.transforms.data.TokenIds;

/** A new local file that takes numbers and token ids in bulk, little-endian. */
public final class LittleEndianOutput implements Closeable {

  private static final int BUFFER_BYTES = 1 << 18;

  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long flushed;

  /** Makes the file; there must be none yet. */
  public LittleEndianOutput(Path path) throws IOException {
    this.channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Where the next byte goes: how many have been written, unless it was moved. */
  public long position() {
    return flushed + buffer.position();
  }

  /**
   * Goes to another place: ahead, to leave room, which is zero; or back, to fill it. What stands
   * there is written over.
   */
  public void moveTo(long position) throws IOException {
    flush();
    channel.position(position);
    flushed = position;
  }

  /** Appends bytes. */
  public void write(byte[] bytes) throws IOException {
    write(ByteBuffer.wrap(bytes));
  }

  /** Appends what is left of a buffer. */
  public void write(ByteBuffer bytes) throws IOException {
    if (bytes.remaining() > buffer.remaining()) {
      flush();
    }
    if (bytes.remaining() <= buffer.remaining()) {
      buffer.put(bytes);
      return;
    }
    flushed += bytes.remaining();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Appends a byte. */
  public void writeByte(int value) throws IOException {
    room(Byte.BYTES).put((byte) value);
  }

  /** Appends a number of 4 bytes. */
  public void writeInt(int value) throws IOException {
    room(Integer.BYTES).putInt(value);
  }

  /** Appends a number of 8 bytes. */
  public void writeLong(long value) throws IOException {
    room(Long.BYTES).putLong(value);
  }

  /** Appends ids, which must fit the type. */
  public void write(TokenIds tokens, DType dtype) throws IOException {
    int width = dtype.bytes();
    for (int at = 0; at < tokens.length(); ) {
      int count = Math.min(tokens.length() - at, room(width).remaining() / width);
      dtype.put(tokens.slice(at, at + count), buffer);
      at += count;
    }
  }

  /**
   * Makes sure that ids are in a vocabulary, and fit a type.
   *
   * @param id whose they are, for the error
   * @param vocabularySize {@link Integer#MAX_VALUE} where it is not known
   * @throws IllegalArgumentException when one is not
   */
  public static void checkIds(TokenIds tokens, String id, int vocabularySize, DType dtype) {
    int max = tokens.max();
    boolean known = vocabularySize != Integer.MAX_VALUE;
    if ((known && max >= vocabularySize) || (max >= 0 && !dtype.holds(max))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: token id %d does not fit: %sdtype %s",
              id,
              max,
              known ? "the vocabulary has " + vocabularySize + " entries, " : "",
              dtype.label()));
    }
  }

  /** Appends a file. */
  public void append(Path file) throws IOException {
    append(file, 0);
  }

  /** Appends what a file has from an offset on. */
  public void append(Path file, long from) throws IOException {
    flush();
    try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = source.size();
      for (long at = from; at < size; ) {
        at += source.transferTo(at, size - at, channel);
      }
      flushed += size - from;
    }
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  /** Hands all over to the file. */
  public void flush() throws IOException {
    buffer.flip();
    flushed += buffer.remaining();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /** Closes the file; what has not been flushed is given up. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
