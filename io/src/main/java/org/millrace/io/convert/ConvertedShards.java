package org.millrace.io.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.millrace.io.column.Column;
import org.millrace.io.document.InputCount;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardSummary;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.TokenDigest;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.Tally;

/** The shards that a conversion has written, in their order. */
final class ConvertedShards {

  private static final String STEP = "convert";
  private static final String PADDING = "padding";

  private final List<ShardSummary> summaries = new ArrayList<>();
  private TokenDigest digest = TokenDigest.EMPTY;
  private TokenDigest content = TokenDigest.EMPTY;
  private boolean partsOfDocuments;

  void add(ShardConversion.Written shard) {
    summaries.add(shard.summary());
    digest = digest.then(shard.digest());
    content = content.then(shard.content());
    partsOfDocuments |= shard.partsOfDocuments();
  }

  List<ShardSummary> summaries() {
    return summaries;
  }

  /** Of the token ids that were read. */
  TokenDigest digest() {
    return digest;
  }

  /** Of all that was read, where everything is to be compared. */
  TokenDigest content() {
    return content;
  }

  /**
   * What is said of the new dataset.
   *
   * @param written as the format itself describes it
   */
  Manifest manifest(
      ManifestHeader header, SourceShards source, Target<?> target, Manifest.Output written) {
    long padding = source.sources().stream().mapToLong(ConvertedShards::padding).sum();
    TreeMap<String, Long> counts = new TreeMap<>(written.counts());
    counts.put(PADDING, padding);
    TreeMap<String, String> properties = new TreeMap<>(written.properties());
    properties.remove(ShardSink.NOT_KEPT);
    Set<String> lost = lost(source, target);
    if (!lost.isEmpty()) {
      properties.put(ShardSink.NOT_KEPT, String.join(", ", lost));
    }
    Manifest.Output output =
        new Manifest.Output(
            written.format(),
            written.folder(),
            written.samples(),
            digest.tokens() - padding,
            counts,
            properties,
            written.files());
    return new Manifest(header, inputs(source), ledger(source), List.of(output));
  }

  /** Padding is among the tokens that are read; only a manifest knows how much of it there is. */
  private static long padding(Source source) {
    return source.output().map(output -> output.counts().getOrDefault(PADDING, 0L)).orElse(0L);
  }

  private Set<String> lost(SourceShards source, Target<?> target) {
    TreeSet<String> lost = new TreeSet<>();
    for (String column : source.columnNames()) {
      boolean documents =
          column.equals(Column.DOCUMENTS_ENDED) || column.equals(Column.DOCUMENTS_BEFORE);
      if (!column.equals(source.column())
          && !target.kept().contains(column)
          && (!documents || partsOfDocuments)) {
        lost.add(column.equals(Column.DOCUMENT_ENDS) ? "document ends" : column);
      }
    }
    for (Source each : source.sources()) {
      each.output()
          .map(output -> output.properties().get(ShardSink.NOT_KEPT))
          .ifPresent(before -> lost.addAll(List.of(before.split(", ", -1))));
    }
    return lost;
  }

  private static List<InputCount> inputs(SourceShards source) {
    List<InputCount> inputs = new ArrayList<>();
    for (SourceShard shard : source.shards()) {
      long samples = shard.samples();
      for (StoredFile file : shard.files()) {
        String path = source.sources().get(shard.source()).path(file);
        inputs.add(new InputCount(path, file.bytes(), samples));
        // Of several files of a shard the first one is said to hold its samples.
        samples = 0;
      }
    }
    return InputCount.merge(inputs);
  }

  private Ledger ledger(SourceShards source) {
    Tally written = new Tally();
    summaries.forEach(summary -> summary.written().forEach(written::add));
    for (Source each : source.sources()) {
      written.add(each.name(), STEP, Ledger.WRITTEN, 0, 0, -padding(each));
    }
    Tally all = new Tally();
    for (LedgerEntry entry : written.entries()) {
      all.add(entry);
      all.add(entry.source(), STEP, Ledger.READ, entry.documents(), 0, 0);
      all.add(entry.source(), STEP, Ledger.TOKENIZED, 0, 0, entry.tokens());
    }
    return new Ledger(all.entries());
  }

  /** The entry of samples that were written. */
  static void tally(Tally tally, Source source, long samples, long tokens) {
    tally.add(source.name(), STEP, Ledger.WRITTEN, samples, 0, tokens);
  }
}
