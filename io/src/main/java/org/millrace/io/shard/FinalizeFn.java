package org.millrace.io.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;
import org.millrace.io.document.InputCount;
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
  private final ManifestHeader header;
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
    this.header = write.getHeader();
    this.maxBadFraction = write.getMaxBadFraction();
    this.shards = shards;
    this.inputs = write.getInputs();
    this.ledger = write.getLedger();
    this.badRecords = write.getBadRecords();
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    List<ShardSummary> summaries = sorted(context.sideInput(shards));
    Ledger total = total(context, summaries);
    if (ledger != null) {
      check(total, badRecords == null ? null : context.sideInput(badRecords));
    }
    List<Manifest.Output> outputs = new ArrayList<>();
    for (int i = 0; i < formats.size(); i++) {
      outputs.add(commit(formats.get(i), i, summaries));
    }
    List<InputCount> files =
        inputs == null ? List.of() : InputCount.merge(context.sideInput(inputs));
    byte[] json = new Manifest(header, files, total, outputs).toJson();
    folder.commit(List.of(folder.upload(json)), List.of(Manifest.FILE_NAME));
    folder.deleteTemp();
    context.output(folder.resolve(Manifest.FILE_NAME).toString());
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

  private Manifest.Output commit(ShardIO.Format<T> format, int number, List<ShardSummary> summaries)
      throws IOException {
    List<IndexedFile> files = named(format.sink().naming(), number, summaries);
    Map<String, byte[]> index = format.sink().index(files);
    for (Map.Entry<String, byte[]> file : new TreeMap<>(index).entrySet()) {
      files.add(new IndexedFile(file.getKey(), folder.upload(file.getValue())));
    }
    List<String> paths = files.stream().map(f -> format.name() + "/" + f.name()).toList();
    folder.commit(files.stream().map(IndexedFile::file).toList(), paths);
    List<Manifest.File> listed = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      ShardFile file = files.get(i).file();
      listed.add(new Manifest.File(paths.get(i), file.bytes(), file.sha256(), file.samples()));
    }
    TreeMap<String, Long> counts = new TreeMap<>();
    summaries.forEach(
        s -> s.outputs().get(number).counts().forEach((k, n) -> counts.merge(k, n, Long::sum)));
    Long tokens = counts.remove("tokens");
    return new Manifest.Output(
        format.name(),
        format.name(),
        summaries.stream().mapToLong(ShardSummary::samples).sum(),
        tokens == null ? 0 : tokens,
        counts,
        format.sink().properties(),
        listed);
  }

  /** The files of one sink, with the names that they are to have. */
  private static List<IndexedFile> named(
      ShardNaming naming, int number, List<ShardSummary> summaries) {
    List<IndexedFile> named = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Map<String, Integer> numbers = new HashMap<>();
    for (ShardSummary summary : summaries) {
      for (ShardFile file : summary.outputs().get(number).files()) {
        int next = numbers.merge(file.extension(), 1, Integer::sum) - 1;
        String name =
            naming.fileName(
                new ShardNaming.Place(summary.shard(), file.part(), next, file.extension()));
        if (!names.add(name)) {
          throw new IllegalStateException("two files of shards are to be named " + name);
        }
        named.add(new IndexedFile(name, file));
      }
    }
    return named;
  }
}
