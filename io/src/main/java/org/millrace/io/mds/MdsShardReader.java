package org.millrace.io.mds;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.beam.sdk.io.FileSystems;
import org.millrace.io.column.Column;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredSample;

/**
 * Reads a shard. A compressed one is decompressed to a local file, which goes when the reader is
 * closed.
 */
final class MdsShardReader implements ShardReader {

  private final StoredFile stored;
  private final Optional<StoredFile> index;
  private final RawShard shard;
  private final Optional<Path> scratch;

  private MdsShardReader(
      StoredFile stored, Optional<StoredFile> index, RawShard shard, Optional<Path> scratch) {
    this.stored = stored;
    this.index = index;
    this.shard = shard;
    this.scratch = scratch;
  }

  /**
   * Opens a shard.
   *
   * @param stored the shard, compressed if its name says so
   * @param index what lists it, when there is one
   */
  static MdsShardReader open(StoredFile stored, Optional<StoredFile> index) throws IOException {
    Optional<Compression.Family> family = Compression.Family.ofFileName(stored.name());
    if (family.isEmpty()) {
      return new MdsShardReader(stored, index, RawShard.open(stored), Optional.empty());
    }
    Path scratch = Files.createTempFile("millrace-mds-", MdsIO.EXTENSION);
    boolean opened = false;
    try {
      try (InputStream in = stored.stream()) {
        Compression.decompress(family.get(), in, scratch, ShardCut.MAX_BYTES, stored.path());
      }
      StoredFile raw =
          new StoredFile(
              FileSystems.matchNewResource(scratch.toString(), false),
              stored.path(),
              Files.size(scratch));
      RawShard shard = RawShard.open(raw);
      opened = true;
      return new MdsShardReader(stored, index, shard, Optional.of(scratch));
    } finally {
      if (!opened) {
        Files.delete(scratch);
      }
    }
  }

  StoredFile stored() {
    return stored;
  }

  Optional<StoredFile> index() {
    return index;
  }

  RawShard shard() {
    return shard;
  }

  @Override
  public List<Column> columns() {
    return shard.config().columns();
  }

  @Override
  public long samples() {
    return shard.samples();
  }

  @Override
  public SortedMap<String, String> properties() {
    MdsConfig config = shard.config();
    TreeMap<String, String> properties = new TreeMap<>();
    properties.put("compression", config.compression().orElse(MdsSettings.NONE));
    properties.put(
        "hashes", config.hashes().isEmpty() ? "none" : String.join(", ", config.hashes()));
    properties.put(
        "size limit",
        config.sizeLimit().isPresent() ? config.sizeLimit().getAsLong() + " bytes" : "none");
    return properties;
  }

  @Override
  public Contents check(long vocabularySize, Consumer<Finding> findings) throws IOException {
    IndexCheck.check(this, findings);
    return new SampleCheck(shard, vocabularySize, findings).run();
  }

  @Override
  public SampleCursor read(long from) throws IOException {
    RawShard.Samples samples = shard.read(from);
    return new SampleCursor() {
      @Override
      public Optional<StoredSample> next() throws IOException {
        Optional<MdsSample> sample = samples.next();
        if (sample.isPresent()) {
          sample.get().checkLengths();
        }
        return sample.map(StoredSample.class::cast);
      }

      @Override
      public void close() throws IOException {
        samples.close();
      }
    };
  }

  @Override
  public void close() throws IOException {
    if (scratch.isPresent()) {
      Files.deleteIfExists(scratch.get());
    }
  }
}
