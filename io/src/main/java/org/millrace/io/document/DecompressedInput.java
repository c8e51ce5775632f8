package org.millrace.io.document;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.apache.commons.compress.compressors.CompressorInputStream;

/**
 * The decompressed bytes of a file: all of them that can be had, then a {@link DamageException}
 * where the file is damaged. Failures of the file system fly as they are.
 *
 * <p>A decompressor that fails in the middle of a read does not say what it had decompressed
 * before. So the file is opened once more and read byte by byte from the last good read on: only
 * damaged files pay for it, and how much is kept depends on the file alone.
 */
final class DecompressedInput extends InputStream {

  private final ByteSource source;
  private final Compression compression;
  private final LongConsumer consumed;
  private ChannelInput raw;
  private InputStream in;
  private long offset;
  private boolean careful;

  DecompressedInput(ByteSource source, Compression compression, LongConsumer consumed) {
    this.source = source;
    this.compression = compression;
    this.consumed = consumed;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      if (raw == null) {
        raw = ChannelInput.open(source, 0, consumed);
      }
      try {
        return readOnce(bytes, from, length);
        // Decompressors fail on damaged input with unchecked exceptions too.
      } catch (IOException | RuntimeException e) {
        raw.rethrow();
        if (careful) {
          throw new DamageException(offset, describe(e), e);
        }
        int salvaged = salvaged();
        offset += salvaged;
        careful = true;
        close();
        if (salvaged > 0) {
          return salvaged;
        }
      }
    }
  }

  private int readOnce(byte[] bytes, int from, int length) throws IOException {
    if (in == null) {
      in = compression.decompress(raw);
      in.skipNBytes(offset);
    }
    if (careful && in instanceof ZstdFrames zstd) {
      zstd.beCareful();
    }
    int count = in.read(bytes, from, careful ? 1 : length);
    offset += Math.max(0, count);
    return count;
  }

  /** How many bytes a read that failed has put into its array before, if that is known. */
  private int salvaged() {
    return in instanceof CompressorInputStream counting
        ? (int) Math.max(0, counting.getBytesRead() - offset)
        : 0;
  }

  private String describe(Exception e) {
    String name = e.getClass().getSimpleName();
    String reason =
        e instanceof EOFException
            ? "the file ends"
            : e.getMessage() == null ? name : e.getMessage();
    return String.format(
        Locale.ROOT,
        "damaged or cut short after %d decompressed bytes (%s, %d bytes): %s",
        offset,
        compression.suffix().substring(1),
        source.bytes(),
        reason);
  }

  @Override
  public void close() throws IOException {
    InputStream opened = in;
    ChannelInput below = raw;
    in = null;
    raw = null;
    try (below) {
      if (opened != null) {
        opened.close();
      }
    }
  }
}
