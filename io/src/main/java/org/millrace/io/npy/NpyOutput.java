package org.millrace.io.npy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.millrace.io.column.DType;
import org.millrace.transforms.data.TokenIds;

/** A local file that takes ids in bulk. */
final class NpyOutput implements Closeable {

  private static final int BUFFER_BYTES = 1 << 18;

  private final DType dtype;
  private final int vocabularySize;
  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  NpyOutput(Path path, DType dtype, int vocabularySize) throws IOException {
    this.dtype = dtype;
    this.vocabularySize = vocabularySize;
    this.channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  void write(byte[] bytes) throws IOException {
    flush();
    ByteBuffer all = ByteBuffer.wrap(bytes);
    while (all.hasRemaining()) {
      channel.write(all);
    }
  }

  /** Appends a number as one element of type int64. */
  void writeLong(long value) throws IOException {
    if (buffer.remaining() < Long.BYTES) {
      flush();
    }
    buffer.putLong(value);
  }

  /**
   * Appends ids; one that is not in the vocabulary is an error that names {@code id}, whose it is.
   */
  void write(TokenIds tokens, String id) throws IOException {
    if (tokens.max() >= vocabularySize) {
      throw new IllegalArgumentException(
          String.format(
              "%s: token id %d does not fit: the vocabulary has %d entries, dtype %s",
              id, tokens.max(), vocabularySize, dtype.label()));
    }
    int room = BUFFER_BYTES / dtype.bytes();
    for (int at = 0; at < tokens.length(); ) {
      if (buffer.remaining() < dtype.bytes()) {
        flush();
      }
      int count =
          Math.min(tokens.length() - at, Math.min(room, buffer.remaining() / dtype.bytes()));
      dtype.put(tokens.slice(at, at + count), buffer);
      at += count;
    }
  }

  /** Appends a file. */
  void append(Path file) throws IOException {
    flush();
    try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
      for (long at = 0; at < source.size(); ) {
        at += source.transferTo(at, source.size() - at, channel);
      }
    }
  }

  /** Hands all over to the file. */
  void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
