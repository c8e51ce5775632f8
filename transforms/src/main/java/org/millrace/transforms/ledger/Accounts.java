package org.millrace.transforms.ledger;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.millrace.transforms.data.BadRecord;

/**
 * Gathers what the steps of a pipeline put out beside their elements, while the pipeline is built:
 * ledger entries and bad records.
 *
 * <pre>{@code
 * Accounts accounts = new Accounts();
 * PCollection<Document> sampled =
 *     documents.apply("Sample", SampleDocuments.atRate(0.1)).into(accounts);
 * }</pre>
 *
 * @see <a href="https://github.com/mozilla/gcp-ingestion">the failuresTo chain of
 *     ingestion-beam</a>
 */
public final class Accounts {

  private final List<PCollection<LedgerEntry>> entries = new ArrayList<>();
  private final List<PCollection<BadRecord>> badRecords = new ArrayList<>();

  void addEntries(PCollection<LedgerEntry> more) {
    entries.add(more);
  }

  void addBadRecords(PCollection<BadRecord> more) {
    badRecords.add(more);
  }

  /** The entries of all steps so far. */
  public PCollection<LedgerEntry> entries(Pipeline pipeline) {
    return flatten(pipeline, "LedgerEntries", entries, LedgerEntry.LedgerEntryCoder.of());
  }

  /** The bad records of all steps so far. */
  public PCollection<BadRecord> badRecords(Pipeline pipeline) {
    return flatten(pipeline, "BadRecords", badRecords, BadRecord.BadRecordCoder.of());
  }

  private static <T> PCollection<T> flatten(
      Pipeline pipeline, String name, List<PCollection<T>> parts, Coder<T> coder) {
    return parts.isEmpty()
        ? pipeline.apply(name, Create.empty(coder))
        : PCollectionList.of(parts).apply(name, Flatten.pCollections());
  }
}
