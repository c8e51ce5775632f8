package org.millrace.io.hdf5;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.Locale;
import org.millrace.io.shard.ShardNaming;

/**
 * How rows are written to HDF5 files.
 *
 * @param sequenceLength the tokens in each row
 * @param vocabularySize every id and label is below it; another one is an error
 * @param gzipLevel of each row's zlib stream, 1 to 9; 0 writes rows as they are
 * @param rowsPerFile a shard of more rows becomes several files; 0 puts each shard into one
 * @param names how the files are called
 */
public record Hdf5Settings(
    int sequenceLength, int vocabularySize, int gzipLevel, int rowsPerFile, FileNames names)
    implements Serializable {

  private static final int MAX_SEQUENCE_LENGTH = 1 << 24;

  /** The names that Cerebras' tools give. */
  public enum FileNames {
    /** {@code data-00007.h5}, numbered without gaps over all shards: as their shuffle. */
    DATA,

    /**
     * {@code examples_1_7.h5}, the number in the shard before that of the shard: as their
     * tokenizing. These names do not sort in the order of the rows; only the manifest has it.
     */
    EXAMPLES;

    ShardNaming naming() {
      return switch (this) {
        case DATA -> ShardNaming.running("data");
        case EXAMPLES ->
            place ->
                String.format(
                    Locale.ROOT,
                    "examples_%d_%d%s",
                    place.part(),
                    place.shard(),
                    place.extension());
      };
    }
  }

  public Hdf5Settings {
    checkArgument(
        1 <= sequenceLength && sequenceLength <= MAX_SEQUENCE_LENGTH,
        "sequenceLength must be in 1..%s, was %s",
        MAX_SEQUENCE_LENGTH,
        sequenceLength);
    checkArgument(vocabularySize >= 1, "vocabularySize must be 1 or more, was %s", vocabularySize);
    checkArgument(0 <= gzipLevel && gzipLevel <= 9, "gzipLevel must be in 0..9, was %s", gzipLevel);
    checkArgument(rowsPerFile >= 0, "rowsPerFile must be 0 or more, was %s", rowsPerFile);
  }

  /** Gzip level 4, one file a shard, {@link FileNames#DATA}. */
  public static Hdf5Settings of(int sequenceLength, int vocabularySize) {
    return new Hdf5Settings(sequenceLength, vocabularySize, 4, 0, FileNames.DATA);
  }

  /** With another {@link #gzipLevel}. */
  public Hdf5Settings withGzipLevel(int level) {
    return new Hdf5Settings(sequenceLength, vocabularySize, level, rowsPerFile, names);
  }

  /** With another number of {@link #rowsPerFile}. */
  public Hdf5Settings withRowsPerFile(int rows) {
    return new Hdf5Settings(sequenceLength, vocabularySize, gzipLevel, rows, names);
  }

  /** With other {@link #names}. */
  public Hdf5Settings withNames(FileNames others) {
    return new Hdf5Settings(sequenceLength, vocabularySize, gzipLevel, rowsPerFile, others);
  }
}
