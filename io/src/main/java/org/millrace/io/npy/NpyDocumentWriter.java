package org.millrace.io.npy;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.DType;
import org.millrace.io.column.LittleEndianOutput;
import org.millrace.io.column.TokenRow;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardWriter;
import org.millrace.transforms.data.TokenIds;

/**
 * Writes {@code [n][lengths][tokens]}. n is known from the start, so that the tokens go to their
 * place at once; what stands before them is written at the end.
 */
final class NpyDocumentWriter implements ShardWriter<TokenRow> {

  /** What an array of Java can hold, with the number in front. */
  private static final long MAX_DOCUMENTS = Integer.MAX_VALUE - 16;

  private final Path path;
  private final long samples;
  private final int vocabularySize;
  private final DType dtype;
  private final LittleEndianOutput output;

  /** The number of documents, then their lengths. */
  private int[] head = new int[1 << 10];

  private int written;
  private long tokens;

  NpyDocumentWriter(Path path, long samples, int vocabularySize, DType dtype) throws IOException {
    checkArgument(
        samples <= MAX_DOCUMENTS && dtype.holds(samples),
        "%s documents in a shard do not fit dtype %s; raise output.num_shards, or choose a wider"
            + " type for npy",
        samples,
        dtype.label());
    this.path = path;
    this.samples = samples;
    this.vocabularySize = vocabularySize;
    this.dtype = dtype;
    this.output = new LittleEndianOutput(path);
    output.moveTo(header().length + (1 + samples) * dtype.bytes());
  }

  /** Always of one size: numpy leaves room for the digits of the first dimension. */
  private byte[] header() {
    return NpyHeader.of(dtype, 1 + samples + tokens).encode();
  }

  @Override
  public void write(TokenRow document) throws IOException {
    TokenIds ids = document.tokens();
    if (!dtype.holds(ids.length())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: its length of %d tokens does not fit dtype %s; choose a wider type for npy",
              document.id(),
              ids.length(),
              dtype.label()));
    }
    LittleEndianOutput.checkIds(ids, document.id(), vocabularySize, dtype);
    output.write(ids, dtype);
    written++;
    if (written == head.length) {
      head = Arrays.copyOf(head, (int) Math.min(2L * written, MAX_DOCUMENTS + 1));
    }
    head[written] = ids.length();
    tokens += ids.length();
  }

  @Override
  public List<LocalFile> finish() throws IOException {
    if (written != samples) {
      throw new IllegalStateException("expected " + samples + " samples, got " + written);
    }
    head[0] = written;
    output.moveTo(0);
    output.write(header());
    output.write(TokenIds.wrap(head).slice(0, 1 + written), dtype);
    output.flush();
    output.close();
    return List.of(LocalFile.whole(path, NpyIO.EXTENSION, samples));
  }

  @Override
  public SortedMap<String, Long> counts() {
    return new TreeMap<>(Map.of("tokens", tokens));
  }

  @Override
  public void close() throws IOException {
    output.close();
  }
}
