package org.millrace.io.hdf5;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.millrace.transforms.data.TokenIds;

/** Writes rows to one file, or to several where there are more than one is to hold. */
final class RowShardWriter implements ShardWriter<TokenRow> {

  private final RowFiles files;
  private final Hdf5Settings settings;
  private final List<RowColumn> arrays;
  private final long samples;
  private final ByteBuffer row;
  private long written;
  private long tokens;
  private long padding;

  RowShardWriter(
      ShardScratch scratch, Hdf5Settings settings, List<RowColumn> arrays, long samples) {
    this.files = new RowFiles(scratch, settings, arrays.stream().map(RowColumn::column).toList());
    this.arrays = arrays;
    this.settings = settings;
    this.samples = samples;
    this.row =
        ByteBuffer.allocateDirect(ChunkShape.of(files.column()).bytes())
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void write(TokenRow sample) throws IOException {
    row.clear();
    put("tokens", sample.tokens(), settings.vocabularySize(), sample);
    put("mask values", sample.mask(), 2, sample);
    put("labels", sample.labels(), settings.vocabularySize(), sample);
    RowFileWriter writer = files.next();
    writer.write(row.flip());
    for (RowColumn array : arrays) {
      writer.write(array.column().name(), array.of(sample).data());
    }
    written++;
    tokens += sample.contentLength();
    padding += settings.sequenceLength() - sample.contentLength();
  }

  private void put(String what, TokenIds values, int limit, TokenRow sample) {
    checkArgument(
        values.length() == settings.sequenceLength(),
        "%s: expected %s %s, got %s",
        sample.id(),
        settings.sequenceLength(),
        what,
        values.length());
    LittleEndianOutput.checkIds(values, sample.id() + ": " + what, limit, DType.INT32);
    DType.INT32.put(values, row);
  }

  @Override
  public List<LocalFile> finish() throws IOException {
    if (written != samples) {
      throw new IllegalStateException("expected " + samples + " samples, got " + written);
    }
    return files.finish();
  }

  @Override
  public SortedMap<String, Long> counts() {
    return new TreeMap<>(Map.of("tokens", tokens, "padding", padding));
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
