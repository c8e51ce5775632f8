package org.millrace.io.stored;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.beam.sdk.io.FileSystems;
import org.millrace.io.column.Column;
import org.millrace.transforms.data.TokenIds;

/** Reads shards whole, for tests of formats. */
public final class StoredShards {

  private StoredShards() {}

  /** A local file, under a name for findings. */
  public static StoredFile file(Path file, String name) throws IOException {
    return new StoredFile(
        FileSystems.matchNewResource(file.toString(), false), name, Files.size(file));
  }

  /** What a shard holds, and what is wrong with it. */
  public static ShardReader.Contents check(
      StoredFormat format, List<StoredFile> files, long vocabularySize, Consumer<Finding> findings)
      throws IOException {
    try (ShardReader reader = format.open(files)) {
      return reader.check(vocabularySize, findings);
    }
  }

  /** All samples of a shard from one on. */
  public static List<StoredSample> samples(StoredFormat format, List<StoredFile> files, long from)
      throws IOException {
    List<StoredSample> samples = new ArrayList<>();
    try (ShardReader reader = format.open(files);
        SampleCursor cursor = reader.read(from)) {
      for (Optional<StoredSample> next = cursor.next(); next.isPresent(); next = cursor.next()) {
        samples.add(next.get());
      }
    }
    return samples;
  }

  /** The token ids of a shard's samples from one on. */
  public static List<TokenIds> tokens(StoredFormat format, List<StoredFile> files, long from)
      throws IOException {
    List<TokenIds> tokens = new ArrayList<>();
    for (StoredSample sample : samples(format, files, from)) {
      tokens.add(sample.ids(Column.TOKENS, files.get(0).path()));
    }
    return tokens;
  }

  /** The digest of samples. */
  public static TokenDigest digest(List<TokenIds> samples) {
    TokenDigest.Builder builder = new TokenDigest.Builder();
    samples.forEach(builder::addSample);
    return builder.build();
  }
}
