package org.millrace.io.document;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file as Parquet's library reads it. Remembers the file system's own failures. */
final class ParquetInput implements InputFile {

  private final ByteSource source;
  private IOException failure;

  ParquetInput(ByteSource source) {
    this.source = source;
  }

  /** Throws the file system's failure, if it has failed. */
  void rethrow() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public long getLength() {
    return source.bytes();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    try {
      ReadableByteChannel channel = source.open();
      if (channel instanceof SeekableByteChannel seekable) {
        return new ChannelStream(seekable);
      }
      channel.close();
      throw new IOException(
          source.name()
              + ": Parquet needs random access, which this file system does not give; copy the"
              + " file to one that does");
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private final class ChannelStream extends SeekableInputStream {

    private final SeekableByteChannel channel;

    ChannelStream(SeekableByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public long getPos() throws IOException {
      return channel.position();
    }

    @Override
    public void seek(long position) throws IOException {
      // Positions come from the file, so a bad one is damage, not a failure.
      if (position < 0 || position > source.bytes()) {
        throw new EOFException("no position " + position + " in " + source.bytes() + " bytes");
      }
      channel.position(position);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      return read(ByteBuffer.wrap(bytes, from, length));
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
      try {
        return channel.read(buffer);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void readFully(byte[] bytes) throws IOException {
      readFully(bytes, 0, bytes.length);
    }

    @Override
    public void readFully(byte[] bytes, int from, int length) throws IOException {
      readFully(ByteBuffer.wrap(bytes, from, length));
    }

    @Override
    public void readFully(ByteBuffer buffer) throws IOException {
      while (buffer.hasRemaining()) {
        if (read(buffer) < 0) {
          throw new EOFException(
              "the file ends " + buffer.remaining() + " bytes before its parts do");
        }
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
