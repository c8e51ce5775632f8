package org.millrace.io.mds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;

/**
 * A shard that is not compressed, its head read; see {@link RawShardWriter} for the layout.
 *
 * @param file its path is that of the shard in its dataset, wherever the bytes are
 * @param samples how many it has
 * @param config what it says of itself
 * @param end the offset behind the last sample
 */
record RawShard(StoredFile file, long samples, MdsConfig config, long end) {

  /** No one trains on longer samples; a longer one is a damaged file. */
  static final int MAX_SAMPLE_BYTES = 1 << 30;

  private static final int MAX_CONFIG_BYTES = 1 << 24;

  private static final ObjectReader JSON =
      new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Reads the head, and checks all of it but the offsets between the first and the last. */
  static RawShard open(StoredFile file) throws IOException {
    if (file.bytes() > ShardCut.MAX_BYTES) {
      throw damaged(file, 0, "size", "at most " + ShardCut.MAX_BYTES, file.bytes());
    }
    long samples;
    long first;
    try (InputStream in = new BufferedInputStream(file.stream())) {
      samples = uint32(file, in);
      first = uint32(file, in);
    }
    long configAt = Integer.BYTES * (samples + 2);
    long configBytes = first - configAt;
    if (configBytes < 2 || configBytes > MAX_CONFIG_BYTES || first > file.bytes()) {
      String what = "first sample behind " + samples + " offsets and the config";
      long least = configAt + 2;
      long most = Math.min(file.bytes(), configAt + MAX_CONFIG_BYTES);
      throw damaged(file, Integer.BYTES, what, least + ".." + most, first);
    }
    long lastAt = configAt - Integer.BYTES;
    try (InputStream in = new BufferedInputStream(file.stream(lastAt))) {
      long end = uint32(file, in);
      if (end < first || end > file.bytes()) {
        throw damaged(file, lastAt, "end", first + ".." + file.bytes(), end);
      }
      byte[] config = in.readNBytes((int) configBytes);
      try {
        return new RawShard(file, samples, MdsConfig.parse(JSON.readTree(config)), end);
      } catch (JsonProcessingException e) {
        throw damaged(file, configAt, "config", "JSON", e.getOriginalMessage());
      } catch (IOException e) {
        String message = file.path() + ": offset " + configAt + ": config: " + e.getMessage();
        throw new IOException(message, e);
      }
    }
  }

  /** The next number of a stream. */
  static long uint32(StoredFile file, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(Integer.BYTES);
    if (bytes.length < Integer.BYTES) {
      throw new EOFException(file.path() + ": ends inside its head");
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xFFFF_FFFFL;
  }

  static IOException damaged(
      StoredFile file, long offset, String what, Object expected, Object got) {
    return new IOException(Finding.at(file.path(), offset, what, expected, got).toString());
  }

  /** The samples from one on. */
  Samples read(long from) throws IOException {
    return new Samples(from);
  }

  /** Reads offsets and samples side by side, in two streams. */
  final class Samples implements AutoCloseable {
    private final InputStream offsets;
    private final InputStream in;
    private long number;
    private long start;

    private Samples(long from) throws IOException {
      this.number = from;
      this.offsets = new BufferedInputStream(file.stream(Integer.BYTES * (from + 1)));
      this.start = uint32(file, offsets);
      checkOffset(start, 0);
      this.in = new BufferedInputStream(file.stream(start), 1 << 18);
    }

    private void checkOffset(long offset, long least) throws IOException {
      if (offset < least || offset > end) {
        String what = "offset of sample " + number;
        throw damaged(file, Integer.BYTES * (number + 1), what, least + ".." + end, offset);
      }
    }

    /** The next sample; empty after the last one. */
    Optional<MdsSample> next() throws IOException {
      if (number == samples) {
        return Optional.empty();
      }
      long sample = number++;
      long next = uint32(file, offsets);
      checkOffset(next, start);
      if (next - start > MAX_SAMPLE_BYTES) {
        String what = "bytes of sample " + sample;
        throw damaged(file, start, what, "at most " + MAX_SAMPLE_BYTES, next - start);
      }
      byte[] bytes = in.readNBytes((int) (next - start));
      if (bytes.length < next - start) {
        throw new EOFException(file.path() + ": ends inside sample " + sample);
      }
      long at = start;
      start = next;
      return Optional.of(new MdsSample(RawShard.this, sample, at, ByteBuffer.wrap(bytes)));
    }

    @Override
    public void close() throws IOException {
      offsets.close();
      in.close();
    }
  }
}
