package org.millrace.io.megatron;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.DType;
import org.millrace.io.column.LittleEndianOutput;
import org.millrace.io.column.RowColumn;
import org.millrace.io.column.TokenRow;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardWriter;

/**
 * Writes a pair. What the index lists goes to files of its own until the numbers before it are
 * known.
 */
final class MegatronWriter implements ShardWriter<TokenRow> {

  private final ShardScratch scratch;
  private final long expected;
  private final int vocabularySize;
  private final DType dtype;
  private final BinOutput bin;
  private final Path lengthFile;
  private final Path entryFile;
  private final LittleEndianOutput lengths;
  private final LittleEndianOutput entries;
  private final List<ArrayPair> arrays = new ArrayList<>();
  private long sequences;
  private long tokens;
  private long padding;
  private boolean open;

  MegatronWriter(
      ShardScratch scratch, long samples, MegatronSettings settings, List<RowColumn> columns)
      throws IOException {
    checkArgument(samples > 0, "samples must be 1 or more, was %s", samples);
    this.scratch = scratch;
    this.expected = samples;
    this.vocabularySize = settings.vocabularySize();
    this.dtype = settings.elementType();
    this.bin = new BinOutput(scratch, dtype, settings.partBytes());
    this.lengthFile = scratch.newFile(".lengths");
    this.entryFile = scratch.newFile(".documents");
    this.lengths = new LittleEndianOutput(lengthFile);
    this.entries = new LittleEndianOutput(entryFile);
    entries.writeLong(0);
    for (RowColumn column : columns) {
      arrays.add(new ArrayPair(column, scratch));
    }
  }

  @Override
  public void write(TokenRow row) throws IOException {
    LittleEndianOutput.checkIds(row.tokens(), row.id(), vocabularySize, dtype);
    int before = row.documentsBefore();
    int ended = row.documentsEnded();
    checkArgument(before >= 0, "%s: documentsBefore must be 0 or more, was %s", row.id(), before);
    checkArgument(ended >= 0, "%s: documentsEnded must be 0 or more, was %s", row.id(), ended);
    checkArgument(
        before == 0 || !open, "%s: a document comes before it that has not ended", row.id());
    for (int i = 0; i < before; i++) {
      entries.writeLong(sequences);
    }
    bin.write(row.tokens());
    for (ArrayPair array : arrays) {
      array.write(row);
    }
    lengths.writeInt(row.tokens().length());
    sequences++;
    for (int i = 0; i < ended; i++) {
      entries.writeLong(sequences);
    }
    open = ended == 0;
    tokens += row.contentLength();
    padding += row.tokens().length() - row.contentLength();
  }

  @Override
  public List<LocalFile> finish() throws IOException {
    if (sequences != expected) {
      throw new IllegalStateException("expected " + expected + " samples, got " + sequences);
    }
    checkArgument(!open, "the last document of a shard must end in it");
    checkArgument(
        bin.bytes() > 0, "a shard must have a token: no reader of the format opens an empty one");
    lengths.flush();
    entries.flush();
    List<LocalFile> files = new ArrayList<>(bin.finish(sequences));
    files.add(LocalFile.whole(writeIndex(), MegatronFormat.IDX, sequences));
    Files.delete(lengthFile);
    Files.delete(entryFile);
    for (ArrayPair array : arrays) {
      files.addAll(array.finish());
    }
    return files;
  }

  private Path writeIndex() throws IOException {
    Path idx = scratch.newFile(MegatronFormat.IDX);
    long count = entries.position() / Long.BYTES;
    try (LittleEndianOutput out = new LittleEndianOutput(idx)) {
      out.write(new MegatronHeader(dtype, sequences, count).encode());
      out.append(lengthFile);
      try (IndexNumbers each =
          new IndexNumbers(Files.newInputStream(lengthFile), lengthFile.toString(), 0)) {
        long pointer = 0;
        for (long i = 0; i < sequences; i++) {
          out.writeLong(pointer);
          pointer += (long) each.nextInt() * dtype.bytes();
        }
      }
      out.append(entryFile);
      out.flush();
    }
    return idx;
  }

  @Override
  public SortedMap<String, Long> counts() {
    return new TreeMap<>(Map.of("tokens", tokens, "padding", padding));
  }

  @Override
  public void close() throws IOException {
    try (lengths;
        entries) {
      for (ArrayPair array : arrays) {
        array.close();
      }
      bin.close();
    }
  }
}
