package org.millrace.io.convert;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import org.millrace.io.shard.DatasetFolder;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSummary;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.TokenDigest;
import org.millrace.transforms.ledger.Progress;
import org.millrace.transforms.ledger.Tally;

/** Writes one shard of a new dataset from the samples of an old one. */
record ShardConversion<T>(SourceShards source, Target<T> target, DatasetFolder folder) {

  private static final int PROGRESS_STEP = 256;

  /**
   * The samples of a shard.
   *
   * @param shard its number
   * @param from its first sample, over all samples
   * @param to the sample behind its last one
   */
  record Range(int shard, long from, long to) {}

  /**
   * A shard that was written.
   *
   * @param summary what it became
   * @param digest of the token ids that were read
   * @param content of all that was read, where everything is to be compared
   * @param partsOfDocuments whether any sample is other than a document of its own
   */
  record Written(
      ShardSummary summary, TokenDigest digest, TokenDigest content, boolean partsOfDocuments) {}

  /** Writes the shard, under a temporary name yet. */
  Written write(Range range) throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<T> writer = target.sink().open(scratch, range.to - range.from)) {
      Copy copy = new Copy(writer);
      for (int i = source.shardOf(range.from);
          i < source.shards().size() && source.shards().get(i).start() < range.to;
          i++) {
        copy.samples(source.shards().get(i), range);
      }
      ShardSummary.Output output = folder.upload(writer);
      Progress.SHARDS.add(1);
      return new Written(
          new ShardSummary(
              range.shard, range.to - range.from, List.of(output), copy.tally.entries()),
          copy.digest.build(),
          copy.content.build(),
          copy.partsOfDocuments);
    }
  }

  private final class Copy {
    private final ShardWriter<T> writer;
    private final TokenDigest.Builder digest = new TokenDigest.Builder();
    private final TokenDigest.Builder content = new TokenDigest.Builder();
    private final Tally tally = new Tally();
    private boolean partsOfDocuments;
    private long tokens;
    private long shown;

    Copy(ShardWriter<T> writer) {
      this.writer = writer;
    }

    void samples(SourceShard shard, Range range) throws IOException {
      long from = Math.max(range.from, shard.start());
      long to = Math.min(range.to, shard.end());
      long before = tokens;
      try (ShardReader reader = shard.open();
          SampleCursor samples = reader.read(from - shard.start())) {
        for (long number = from; number < to; number++) {
          long missing = number;
          write(
              target
                  .rows()
                  .of(
                      shard,
                      number,
                      samples
                          .next()
                          .orElseThrow(
                              () ->
                                  new EOFException(
                                      shard.path() + ": ends before sample " + missing))));
          if ((number - from) % PROGRESS_STEP == PROGRESS_STEP - 1) {
            show(PROGRESS_STEP);
          }
        }
        show((to - from) % PROGRESS_STEP);
      }
      Source owner = source.sources().get(shard.source());
      ConvertedShards.tally(tally, owner, to - from, tokens - before);
    }

    private void write(T row) throws IOException {
      writer.write(row);
      tokens += target.rows().addTo(digest, row);
      target.rows().addContent(content, row);
      partsOfDocuments |= target.rows().isPartOfDocument(row);
    }

    private void show(long samples) {
      Progress.SAMPLES.add(samples);
      Progress.TOKENS.add(tokens - shown);
      shown = tokens;
    }
  }
}
