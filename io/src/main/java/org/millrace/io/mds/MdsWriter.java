package org.millrace.io.mds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.LittleEndianOutput;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardWriter;

/** Encodes samples, column by column. */
final class MdsWriter<T> implements ShardWriter<T> {

  private final List<MdsColumn<T>> columns;
  private final List<Encoding> encodings;
  private final MdsCounts<T> kind;
  private final RawShardWriter shards;
  private final long samples;
  private final Encoded[] values;
  private final TreeMap<String, Long> counts = new TreeMap<>();
  private long written;

  MdsWriter(List<MdsColumn<T>> columns, MdsCounts<T> kind, RawShardWriter shards, long samples) {
    this.columns = columns;
    this.encodings = shards.config().encodings();
    this.kind = kind;
    this.shards = shards;
    this.samples = samples;
    this.values = new Encoded[columns.size()];
  }

  @Override
  public void write(T sample) throws IOException {
    long bytes = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = encode(i, sample);
      bytes += values[i].size() + (encodings.get(i).size().isEmpty() ? Integer.BYTES : 0);
    }
    LittleEndianOutput output = shards.begin(bytes);
    for (int i = 0; i < values.length; i++) {
      if (encodings.get(i).size().isEmpty()) {
        output.writeInt((int) values[i].size());
      }
    }
    for (Encoded value : values) {
      value.writeTo(output);
    }
    kind.add(sample, counts);
    written++;
  }

  private Encoded encode(int column, T sample) throws IOException {
    try {
      Object value = columns.get(column).value().apply(sample);
      if (value == null) {
        throw new IllegalArgumentException("expected a value, got none");
      }
      if (value instanceof byte[] bytes) {
        return checked(Encoded.of(bytes), encodings.get(column));
      }
      if (value instanceof ByteBuffer bytes) {
        return checked(Encoded.of(bytes), encodings.get(column));
      }
      return encodings.get(column).encode(value);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          kind.id(sample, written)
              + ": column "
              + columns.get(column).column()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static Encoded checked(Encoded value, Encoding encoding) {
    if (encoding.size().isPresent() && encoding.size().getAsInt() != value.size()) {
      throw new IllegalArgumentException(
          "expected " + encoding.size().getAsInt() + " bytes, got " + value.size());
    }
    return value;
  }

  @Override
  public List<LocalFile> finish() throws IOException {
    if (written != samples) {
      throw new IllegalStateException("expected " + samples + " samples, got " + written);
    }
    return shards.finish();
  }

  @Override
  public SortedMap<String, Long> counts() {
    return new TreeMap<>(counts);
  }

  @Override
  public void close() throws IOException {
    shards.close();
  }
}
