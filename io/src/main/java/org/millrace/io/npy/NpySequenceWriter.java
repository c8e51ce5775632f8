package org.millrace.io.npy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.LittleEndianOutput;
import org.millrace.io.column.TokenRow;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardWriter;

/** Writes {@code [samples, length]}. */
final class NpySequenceWriter implements ShardWriter<TokenRow> {

  private final Path path;
  private final NpyHeader header;
  private final int vocabularySize;
  private final LittleEndianOutput output;
  private long samples;
  private long tokens;
  private long padding;

  NpySequenceWriter(Path path, NpyHeader header, int vocabularySize) throws IOException {
    this.path = path;
    this.header = header;
    this.vocabularySize = vocabularySize;
    this.output = new LittleEndianOutput(path);
    output.write(header.encode());
  }

  @Override
  public void write(TokenRow sequence) throws IOException {
    if (sequence.tokens().length() != header.shape().get(1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: expected %d tokens, got %d",
              sequence.id(),
              header.shape().get(1),
              sequence.tokens().length()));
    }
    LittleEndianOutput.checkIds(sequence.tokens(), sequence.id(), vocabularySize, header.dtype());
    output.write(sequence.tokens(), header.dtype());
    samples++;
    int content = sequence.contentLength();
    tokens += content;
    padding += sequence.tokens().length() - content;
  }

  @Override
  public List<LocalFile> finish() throws IOException {
    if (samples != header.shape().get(0)) {
      throw new IllegalStateException(
          "expected " + header.shape().get(0) + " samples, got " + samples);
    }
    output.flush();
    output.close();
    return List.of(LocalFile.whole(path, NpyIO.EXTENSION, samples));
  }

  @Override
  public SortedMap<String, Long> counts() {
    return new TreeMap<>(Map.of("tokens", tokens, "padding", padding));
  }

  @Override
  public void close() throws IOException {
    output.close();
  }
}
