package org.millrace.io.stored;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.millrace.io.column.Column;

/**
 * Shards of one format and of the same columns, one behind another: small enough to travel to every
 * worker, which reads any range of their samples.
 *
 * @param shards in their order
 */
public record StoredShards(List<Shard> shards) implements Serializable {

  /**
   * A shard of one file.
   *
   * @param resource where it is, as Beam's file systems name it
   * @param path relative to the dataset's folder
   * @param bytes its size
   * @param samples the number of its samples
   * @param start the number of its first sample
   */
  public record Shard(String resource, String path, long bytes, long samples, long start)
      implements Serializable {

    private StoredFile file() {
      return new StoredFile(FileSystems.matchNewResource(resource, false), path, bytes);
    }
  }

  public StoredShards {
    shards = List.copyOf(shards);
  }

  /** The shards, with the columns that all of them have. */
  public record Opened(StoredShards shards, List<Column> columns) {}

  /**
   * Opens each shard once.
   *
   * @param files the file of each shard
   * @throws IOException when one is damaged, or has other columns than the first
   */
  public static Opened open(StoredFormat format, List<StoredFile> files) throws IOException {
    checkArgument(!files.isEmpty(), "expected shards, got none");
    List<Shard> shards = new ArrayList<>();
    List<List<Column>> columns = new ArrayList<>();
    InOrder.forEach(
        files,
        InOrder.allThreads(),
        file -> {
          try (ShardReader reader = format.open(List.of(file))) {
            return new Head(file, reader.columns(), reader.samples());
          }
        },
        head -> {
          if (columns.isEmpty()) {
            columns.add(head.columns);
          }
          if (!head.columns.equals(columns.get(0))) {
            throw new IOException(
                head.file.path()
                    + ": expected the columns "
                    + columns.get(0)
                    + ", got "
                    + head.columns);
          }
          long start = shards.isEmpty() ? 0 : end(shards.get(shards.size() - 1));
          StoredFile file = head.file;
          shards.add(
              new Shard(
                  file.resource().toString(), file.path(), file.bytes(), head.samples, start));
        });
    return new Opened(new StoredShards(shards), columns.get(0));
  }

  private record Head(StoredFile file, List<Column> columns, long samples) {}

  private static long end(Shard shard) {
    return shard.start + shard.samples;
  }

  /** The number of all samples. */
  public long samples() {
    return shards.isEmpty() ? 0 : end(shards.get(shards.size() - 1));
  }

  /**
   * The samples from one on; as many as there are.
   *
   * @param from its number over all shards
   */
  public SampleCursor read(StoredFormat format, long from) {
    return new Cursor(format, from);
  }

  private final class Cursor implements SampleCursor {
    private final StoredFormat format;
    private long number;
    private int shard;
    private Optional<ShardReader> reader = Optional.empty();
    private Optional<SampleCursor> samples = Optional.empty();

    Cursor(StoredFormat format, long from) {
      this.format = format;
      this.number = from;
      while (shard < shards.size() && end(shards.get(shard)) <= from) {
        shard++;
      }
    }

    @Override
    public Optional<StoredSample> next() throws IOException {
      while (shard < shards.size() && number == end(shards.get(shard))) {
        close();
        shard++;
      }
      if (shard >= shards.size()) {
        return Optional.empty();
      }
      Shard current = shards.get(shard);
      if (samples.isEmpty()) {
        reader = Optional.of(format.open(List.of(current.file())));
        samples = Optional.of(reader.get().read(number - current.start));
      }
      Optional<StoredSample> next = samples.get().next();
      if (next.isEmpty()) {
        throw new EOFException(current.path + ": ends before sample " + number);
      }
      number++;
      return next;
    }

    @Override
    public void close() throws IOException {
      Optional<SampleCursor> closing = samples;
      Optional<ShardReader> done = reader;
      samples = Optional.empty();
      reader = Optional.empty();
      try {
        if (closing.isPresent()) {
          closing.get().close();
        }
      } finally {
        if (done.isPresent()) {
          done.get().close();
        }
      }
    }
  }
}
