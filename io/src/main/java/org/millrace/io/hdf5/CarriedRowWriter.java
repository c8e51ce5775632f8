package org.millrace.io.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardWriter;

/**
 * Writes rows as they were stored elsewhere. Those that are still to be read are gathered, and read
 * in the order in which they lie in their files.
 */
final class CarriedRowWriter implements ShardWriter<Hdf5Row> {

  /** What is gathered of streams. */
  private static final int BATCH_BYTES = 1 << 24;

  /** What is gathered of rows: their own size counts, too. */
  private static final int BATCH_ROWS = 1 << 14;

  private final RowFiles files;
  private final StoredStreams stored;
  private final long samples;
  private final int length;
  private final List<Hdf5Row> batch = new ArrayList<>();
  private long batchBytes;
  private long written;

  CarriedRowWriter(
      ShardScratch scratch, Hdf5Settings settings, StoredStreams stored, long samples) {
    this.files = new RowFiles(scratch, settings);
    this.stored = stored;
    this.samples = samples;
    this.length = settings.sequenceLength();
  }

  @Override
  public void write(Hdf5Row row) throws IOException {
    if (batch.isEmpty() && row.isCarried()) {
      append(row);
      return;
    }
    batch.add(row);
    batchBytes += row.bytes();
    if (batchBytes >= BATCH_BYTES || batch.size() == BATCH_ROWS) {
      writeBatch();
    }
  }

  private void writeBatch() throws IOException {
    List<Integer> order =
        IntStream.range(0, batch.size())
            .filter(i -> !batch.get(i).isCarried())
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(i -> batch.get(i).file())
                    .thenComparingLong(i -> batch.get(i).address()))
            .toList();
    for (int i : order) {
      batch.set(i, stored.fetch(batch.get(i)));
    }
    for (Hdf5Row row : batch) {
      append(row);
    }
    batch.clear();
    batchBytes = 0;
  }

  private void append(Hdf5Row row) throws IOException {
    files.next().writeStored(ByteBuffer.wrap(row.stream().bytes()));
    written++;
  }

  @Override
  public List<LocalFile> finish() throws IOException {
    writeBatch();
    if (written != samples) {
      throw new IllegalStateException("expected " + samples + " samples, got " + written);
    }
    return files.finish();
  }

  @Override
  public SortedMap<String, Long> counts() {
    return new TreeMap<>(Map.of("tokens", written * length));
  }

  @Override
  public void close() throws IOException {
    try (stored) {
      files.close();
    }
  }
}
