package org.millrace.io.npy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.DType;
import org.millrace.io.column.LittleEndianOutput;
import org.millrace.io.column.TokenRow;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardWriter;

/**
 * Writes {@code [n][lengths][tokens]}: tokens wait in a file of their own until all lengths are
 * known.
 */
final class NpyDocumentWriter implements ShardWriter<TokenRow> {

  private final ShardScratch scratch;
  private final long samples;
  private final int vocabularySize;
  private final Path body;
  private final LittleEndianOutput output;
  private long[] lengths = new long[1 << 10];
  private int written;
  private long tokens;

  NpyDocumentWriter(ShardScratch scratch, long samples, int vocabularySize) throws IOException {
    this.scratch = scratch;
    this.samples = samples;
    this.vocabularySize = vocabularySize;
    this.body = scratch.newFile(".body");
    this.output = new LittleEndianOutput(body);
  }

  @Override
  public void write(TokenRow document) throws IOException {
    LittleEndianOutput.checkIds(document.tokens(), document.id(), vocabularySize, DType.INT64);
    output.write(document.tokens(), DType.INT64);
    if (written == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * written);
    }
    lengths[written++] = document.tokens().length();
    tokens += document.tokens().length();
  }

  @Override
  public List<LocalFile> finish() throws IOException {
    if (written != samples) {
      throw new IllegalStateException("expected " + samples + " samples, got " + written);
    }
    output.flush();
    output.close();
    Path path = scratch.newFile(".npy");
    try (LittleEndianOutput head = new LittleEndianOutput(path)) {
      head.write(NpyHeader.of(DType.INT64, 1 + samples + tokens).encode());
      head.writeLong(samples);
      for (int i = 0; i < written; i++) {
        head.writeLong(lengths[i]);
      }
      head.flush();
      head.append(body);
    }
    Files.delete(body);
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
