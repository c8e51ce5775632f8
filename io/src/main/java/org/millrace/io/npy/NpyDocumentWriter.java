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
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardWriter;
import org.millrace.transforms.data.TokenizedDocument;

/**
 * Writes {@code [n][lengths][tokens]}: tokens wait in a file of their own until all lengths are
 * known.
 */
final class NpyDocumentWriter implements ShardWriter<TokenizedDocument> {

  private final ShardScratch scratch;
  private final long samples;
  private final int vocabularySize;
  private final Path body;
  private final NpyOutput output;
  private long[] lengths = new long[1 << 10];
  private int written;
  private long tokens;

  NpyDocumentWriter(ShardScratch scratch, long samples, int vocabularySize) throws IOException {
    this.scratch = scratch;
    this.samples = samples;
    this.vocabularySize = vocabularySize;
    this.body = scratch.newFile(".body");
    this.output = new NpyOutput(body, DType.INT64, vocabularySize);
  }

  @Override
  public void write(TokenizedDocument document) throws IOException {
    output.write(document.tokens(), document.id());
    if (written == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * written);
    }
    lengths[written++] = document.tokens().length();
    tokens += document.tokens().length();
  }

  @Override
  public List<Path> finish() throws IOException {
    if (written != samples) {
      throw new IllegalStateException("expected " + samples + " samples, got " + written);
    }
    output.flush();
    output.close();
    Path path = scratch.newFile(".npy");
    try (NpyOutput head = new NpyOutput(path, DType.INT64, vocabularySize)) {
      head.write(NpyHeader.of(DType.INT64, 1 + samples + tokens).encode());
      head.writeLong(samples);
      for (int i = 0; i < written; i++) {
        head.writeLong(lengths[i]);
      }
      head.flush();
      head.append(body);
    }
    Files.delete(body);
    return List.of(path);
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
