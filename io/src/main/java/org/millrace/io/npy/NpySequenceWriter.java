package org.millrace.io.npy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.shard.ShardWriter;
import org.millrace.transforms.data.PackedSequence;

/** Writes {@code [samples, length]}. */
final class NpySequenceWriter implements ShardWriter<PackedSequence> {

  private final Path path;
  private final NpyHeader header;
  private final NpyOutput output;
  private long samples;
  private long tokens;
  private long padding;

  NpySequenceWriter(Path path, NpyHeader header, int vocabularySize) throws IOException {
    this.path = path;
    this.header = header;
    this.output = new NpyOutput(path, header.dtype(), vocabularySize);
    output.write(header.encode());
  }

  @Override
  public void write(PackedSequence sequence) throws IOException {
    if (sequence.tokens().length() != header.shape().get(1)) {
      throw new IllegalArgumentException(
          String.format(
              "%s: expected %d tokens, got %d",
              sequence.id(), header.shape().get(1), sequence.tokens().length()));
    }
    output.write(sequence.tokens(), sequence.id());
    samples++;
    int content = sequence.contentLength();
    tokens += content;
    padding += sequence.tokens().length() - content;
  }

  @Override
  public List<Path> finish() throws IOException {
    if (samples != header.shape().get(0)) {
      throw new IllegalStateException(
          "expected " + header.shape().get(0) + " samples, got " + samples);
    }
    output.flush();
    output.close();
    return List.of(path);
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
