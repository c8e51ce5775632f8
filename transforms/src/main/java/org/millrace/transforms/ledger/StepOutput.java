package org.millrace.transforms.ledger;

import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.millrace.transforms.data.BadRecord;

/**
 * What a step puts out: its elements, the ledger entries of what it took in or dropped, and the
 * records it could not use.
 *
 * @param <T> the type of the elements
 */
public final class StepOutput<T> implements POutput {

  /** The tag of ledger entries in a step's ParDo. */
  public static final TupleTag<LedgerEntry> ENTRIES = new TupleTag<>("ledger") {};

  /** The tag of bad records in a step's ParDo. */
  public static final TupleTag<BadRecord> BAD_RECORDS = new TupleTag<>("badRecords") {};

  /** The tags that a step's ParDo has beside that of its elements. */
  public static final TupleTagList SIDE_TAGS = TupleTagList.of(ENTRIES).and(BAD_RECORDS);

  private final TupleTag<T> tag;
  private final PCollection<T> elements;
  private final PCollection<LedgerEntry> entries;
  private final PCollection<BadRecord> badRecords;

  private StepOutput(TupleTag<T> tag, PCollectionTuple outputs, Coder<T> coder) {
    this.tag = tag;
    this.elements = outputs.get(tag).setCoder(coder);
    this.entries = outputs.get(ENTRIES).setCoder(LedgerEntry.LedgerEntryCoder.of());
    this.badRecords = outputs.get(BAD_RECORDS).setCoder(BadRecord.BadRecordCoder.of());
  }

  /** The output of a ParDo that was given {@code tag} and {@link #SIDE_TAGS}. */
  public static <T> StepOutput<T> of(TupleTag<T> tag, PCollectionTuple outputs, Coder<T> coder) {
    return new StepOutput<>(tag, outputs, coder);
  }

  /** The elements. */
  public PCollection<T> elements() {
    return elements;
  }

  /** What the step took in, where it reads or tokenizes, and what it dropped. */
  public PCollection<LedgerEntry> entries() {
    return entries;
  }

  /** The records that the step could not use. */
  public PCollection<BadRecord> badRecords() {
    return badRecords;
  }

  /** Hands ledger entries and bad records over to {@code accounts} and gives back the elements. */
  public PCollection<T> into(Accounts accounts) {
    accounts.addEntries(entries);
    accounts.addBadRecords(badRecords);
    return elements;
  }

  @Override
  public Pipeline getPipeline() {
    return elements.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    Map<TupleTag<?>, PValue> values = new HashMap<>();
    values.put(tag, elements);
    values.put(ENTRIES, entries);
    values.put(BAD_RECORDS, badRecords);
    return values;
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
