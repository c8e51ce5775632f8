package org.millrace.io.npy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.LittleEndianOutput;
import org.millrace.io.column.RowColumn;
import org.millrace.io.column.TokenRow;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardWriter;

/** Writes {@code [samples, length]}, and the arrays beside it. */
final class NpySequenceWriter implements ShardWriter<TokenRow> {

  private final Path path;
  private final NpyHeader header;
  private final int vocabularySize;
  private final LittleEndianOutput output;
  private final List<ArrayFile> arrays;
  private long samples;
  private long tokens;
  private long padding;

  /** The file of an array. */
  private record ArrayFile(RowColumn column, Path path, LittleEndianOutput output) {

    static ArrayFile open(RowColumn column, ShardScratch scratch, long samples) throws IOException {
      List<Long> shape = new ArrayList<>(List.of(samples));
      column.shape().forEach(dimension -> shape.add((long) dimension));
      Path path = scratch.newFile(NpyIO.EXTENSION);
      LittleEndianOutput output = new LittleEndianOutput(path);
      output.write(new NpyHeader(column.dtype(), shape).encode());
      return new ArrayFile(column, path, output);
    }

    LocalFile finish(long samples) throws IOException {
      output.flush();
      output.close();
      String extension = "." + column.column().name() + NpyIO.EXTENSION;
      return LocalFile.whole(path, extension, samples);
    }
  }

  private NpySequenceWriter(Path path, NpyHeader header, int vocabularySize, List<ArrayFile> arrays)
      throws IOException {
    this.path = path;
    this.header = header;
    this.vocabularySize = vocabularySize;
    this.arrays = arrays;
    this.output = new LittleEndianOutput(path);
    output.write(header.encode());
  }

  static NpySequenceWriter open(
      ShardScratch scratch, NpyHeader header, int vocabularySize, List<RowColumn> columns)
      throws IOException {
    List<ArrayFile> arrays = new ArrayList<>();
    for (RowColumn column : columns) {
      arrays.add(ArrayFile.open(column, scratch, header.shape().get(0)));
    }
    return new NpySequenceWriter(
        scratch.newFile(NpyIO.EXTENSION), header, vocabularySize, List.copyOf(arrays));
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
    for (ArrayFile array : arrays) {
      array.output.write(array.column.of(sequence).data());
    }
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
    List<LocalFile> files = new ArrayList<>();
    files.add(LocalFile.whole(path, NpyIO.EXTENSION, samples));
    for (ArrayFile array : arrays) {
      files.add(array.finish(samples));
    }
    return files;
  }

  @Override
  public SortedMap<String, Long> counts() {
    return new TreeMap<>(Map.of("tokens", tokens, "padding", padding));
  }

  @Override
  public void close() throws IOException {
    for (ArrayFile array : arrays) {
      array.output.close();
    }
    output.close();
  }
}
