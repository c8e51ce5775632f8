package org.millrace.io.verify;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.InOrder;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredFormat;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.TokenDigest;

/**
 * The shards of one format among the files of a place, whoever wrote them.
 *
 * <pre>{@code
 * for (FormatShards found : FormatShards.find(StoredFolder.list("/data/corpus"), findings::add)) {
 *   StoredSample first = found.sample(0);
 * }
 * }</pre>
 *
 * @param format the format
 * @param shards the shards in their order, each with its files
 */
public record FormatShards(StoredFormat format, List<List<StoredFile>> shards) {

  public FormatShards {
    shards = List.copyOf(shards);
  }

  /**
   * The formats that are among the files, each with its shards.
   *
   * @param findings takes what is wrong with the files as sets
   */
  public static List<FormatShards> find(StoredFolder folder, Consumer<Finding> findings)
      throws IOException {
    List<FormatShards> found = new ArrayList<>();
    for (StoredFormat format : StoredFormats.ALL) {
      List<List<StoredFile>> shards = format.shards(folder, findings);
      if (!shards.isEmpty()) {
        found.add(new FormatShards(format, shards));
      }
    }
    return found;
  }

  /** The number of samples in all shards, as their heads and indexes have it. */
  public long samples() throws IOException {
    long[] samples = new long[1];
    InOrder.forEach(shards, InOrder.allThreads(), this::samples, count -> samples[0] += count);
    return samples[0];
  }

  private long samples(List<StoredFile> shard) throws IOException {
    try (ShardReader reader = format.open(shard)) {
      return reader.samples();
    }
  }

  /**
   * A sample by its number over all shards in their order.
   *
   * @throws IOException when there is no such sample, or a file is missing or damaged
   */
  public StoredSample sample(long number) throws IOException {
    long before = 0;
    for (List<StoredFile> shard : shards) {
      try (ShardReader reader = format.open(shard)) {
        if (number >= before && number < before + reader.samples()) {
          try (SampleCursor samples = reader.read(number - before)) {
            return samples.next().orElseThrow(() -> new EOFException(shard.get(0).path()));
          }
        }
        before += reader.samples();
      }
    }
    throw new IOException("expected a sample in 0.." + (before - 1) + ", got " + number);
  }

  /**
   * Reads all shards, several at a time, and reports what is wrong with them, shard by shard.
   *
   * @param vocabularySize every token id must be below it; {@link Long#MAX_VALUE} where it is not
   *     known
   */
  public Checked check(long vocabularySize, Consumer<Finding> findings) throws IOException {
    return check(vocabularySize, findings, shard -> {});
  }

  /** As the other, and hands on what each shard holds. */
  Checked check(long vocabularySize, Consumer<Finding> findings, Consumer<ShardCheck> each)
      throws IOException {
    long[] samples = new long[1];
    TokenDigest[] digest = {TokenDigest.EMPTY};
    boolean[] whole = {true};
    InOrder.forEach(
        shards,
        InOrder.allThreads(),
        files -> ShardCheck.of(format, files, vocabularySize),
        shard -> {
          shard.findings().forEach(findings);
          Optional<ShardReader.Contents> contents = shard.contents();
          whole[0] &= contents.isPresent();
          samples[0] += contents.map(ShardReader.Contents::samples).orElse(0L);
          digest[0] =
              digest[0].then(contents.map(ShardReader.Contents::digest).orElse(TokenDigest.EMPTY));
          each.accept(shard);
        });
    return new Checked(format.name(), "", shards.size(), samples[0], digest[0], whole[0]);
  }
}
