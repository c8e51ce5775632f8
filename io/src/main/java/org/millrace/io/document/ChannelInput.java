package org.millrace.io.document;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.function.LongConsumer;

/**
 * A channel as a stream.
 *
 * <p>It remembers its own failure, so that a decompressor's complaint about the bytes can be told
 * from a file system that failed. It always fills what it is asked for, so that the behaviour of
 * what reads it depends on the bytes alone, not on how the network cut them.
 */
final class ChannelInput extends InputStream {

  private final ReadableByteChannel channel;
  private final LongConsumer consumed;
  private IOException failure;

  private ChannelInput(ReadableByteChannel channel, LongConsumer consumed) {
    this.channel = channel;
    this.consumed = consumed;
  }

  /**
   * The bytes of {@code source} from a position on.
   *
   * @param consumed is told of bytes as they are read
   */
  static ChannelInput open(ByteSource source, long position, LongConsumer consumed)
      throws IOException {
    ReadableByteChannel channel = source.open();
    ChannelInput input = new ChannelInput(channel, consumed);
    try {
      input.moveTo(position);
    } catch (IOException e) {
      input.close();
      throw e;
    }
    return input;
  }

  private void moveTo(long position) throws IOException {
    if (position > 0 && channel instanceof SeekableByteChannel seekable) {
      seekable.position(position);
    } else {
      ByteBuffer skipped = ByteBuffer.allocate((int) Math.min(position, 1 << 16));
      for (long left = position; left > 0 && !reachedEnd(skipped, left); ) {
        left -= skipped.position();
      }
    }
  }

  private boolean reachedEnd(ByteBuffer buffer, long wanted) throws IOException {
    buffer.clear().limit((int) Math.min(wanted, buffer.capacity()));
    return channel.read(buffer) < 0;
  }

  /** Throws the channel's failure, if it has failed. */
  void rethrow() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, from, length);
    try {
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // A channel may give less than it was asked for.
      }
    } catch (IOException e) {
      failure = e;
      throw e;
    }
    int count = buffer.position() - from;
    consumed.accept(count);
    return count == 0 && length > 0 ? -1 : count;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
