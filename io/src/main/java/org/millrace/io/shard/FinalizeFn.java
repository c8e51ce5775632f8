package org.millrace.io.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;
import org.millrace.io.document.InputCount;
import org.millrace.io.document.InputNames;
import org.millrace.transforms.data.Traceable;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.Tally;

/**
 * Checks that all is accounted for, moves the shards to their places and writes the manifest. Safe
 * to repeat.
 */
final class FinalizeFn<T extends Traceable> extends DoFn<String, String> {

  private final DatasetFolder folder;
  private final List<ShardIO.Format<T>> formats;
  private final ShardParts<T> parts;
  private final List<Sealing.Report> reports;
  private final ManifestHeader header;
  private final InputNames names;
  private final double maxBadFraction;
  private final PCollectionView<Iterable<ShardSummary>> shards;
  private final PCollectionView<Iterable<InputCount>> inputs;
  private final PCollectionView<Ledger> ledger;
  private final PCollectionView<Long> badRecords;

  FinalizeFn(
      ShardIO.Write<T> write,
      DatasetFolder folder,
      PCollectionView<Iterable<ShardSummary>> shards) {
    this.folder = folder;
    this.formats = write.getFormats();
    this.parts = write.getParts();
    Sealing sealing = write.getSealing();
    this.reports = sealing.getReports();
    this.header = sealing.getHeader();
    this.names = sealing.getFilesOfShards();
    this.maxBadFraction = sealing.getMaxBadFraction();
    this.shards = shards;
    this.inputs = sealing.getInputs();
    this.ledger = sealing.getLedger();
    this.badRecords = sealing.getBadRecords();
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    List<ShardSummary> summaries = sorted(context.sideInput(shards));
    Ledger total = total(context, summaries);
    if (ledger != null) {
      check(total, badRecords == null ? null : context.sideInput(badRecords));
    }
    List<InputCount> files =
        inputs == null ? List.of() : InputCount.merge(context.sideInput(inputs));
    if (!names.paths().isEmpty()) {
      checkUnchanged(files);
    }
    SortedMap<String, String> found = new TreeMap<>();
    reports.forEach(report -> found.put(report.name(), context.sideInput(report.json())));
    context.output(folder.seal(new Manifest(header, files, total, outputs(summaries), found)));
  }

  /** Moves all to its place, part by part. */
  private List<Manifest.Output> outputs(List<ShardSummary> summaries) throws IOException {
    List<Manifest.Output> outputs = new ArrayList<>();
    for (ShardPart part : parts.parts()) {
      int first = parts.firstShard(part);
      List<ShardSummary> shards =
          summaries.stream()
              .filter(each -> each.shard() >= first && each.shard() < first + part.shards())
              .toList();
      int number = 0;
      for (ShardIO.Format<T> format : formats) {
        if (part.has(format.name())) {
          DatasetFolder.Place place =
              new DatasetFolder.Place(format.name(), part.name(), number++, first, names.names());
          outputs.add(folder.commit(place, format.sink(), shards));
        }
      }
    }
    return outputs;
  }

  /** A shard is a file's only if the run has read the very files that it was planned for. */
  private void checkUnchanged(List<InputCount> files) {
    List<String> read = files.stream().map(InputCount::path).toList();
    if (!read.equals(names.paths())) {
      List<String> other = new ArrayList<>(read);
      other.removeAll(names.paths());
      List<String> missing = new ArrayList<>(names.paths());
      missing.removeAll(read);
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the input has changed since the run began: expected %d files, got %d%s%s; no"
                  + " manifest was written, run it again",
              names.paths().size(),
              read.size(),
              missing.isEmpty() ? "" : ", without " + missing.get(0),
              other.isEmpty() ? "" : ", with " + other.get(0)));
    }
  }

  private static List<ShardSummary> sorted(Iterable<ShardSummary> summaries) {
    List<ShardSummary> sorted = new ArrayList<>();
    summaries.forEach(sorted::add);
    sorted.sort(Comparator.comparingInt(ShardSummary::shard));
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).shard() == sorted.get(i - 1).shard()) {
        throw new IllegalStateException("shard " + sorted.get(i).shard() + " was written twice");
      }
    }
    return sorted;
  }

  private Ledger total(ProcessContext context, List<ShardSummary> summaries) {
    Tally tally = new Tally();
    if (ledger != null) {
      context.sideInput(ledger).entries().forEach(tally::add);
    }
    summaries.forEach(summary -> summary.written().forEach(tally::add));
    return new Ledger(tally.entries());
  }

  private void check(Ledger total, Long failures) {
    List<String> imbalances = new ArrayList<>(total.imbalances());
    long bad = total.documents(Ledger.BAD);
    if (failures != null && failures != bad) {
      imbalances.add(
          String.format(
              "%d bad records are in the ledger, %d in the failures output", bad, failures));
    }
    if (!imbalances.isEmpty()) {
      throw new UnbalancedLedgerException(imbalances);
    }
    long read = total.documents(Ledger.READ);
    if (bad > maxBadFraction * read) {
      throw new TooManyBadRecordsException(bad, read, maxBadFraction);
    }
  }
}
