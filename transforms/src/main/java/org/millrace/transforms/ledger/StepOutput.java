package org.millrace.transforms.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
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

  /** The tag of notes, in the ParDo of a step that puts out all but its elements as these. */
  public static final TupleTag<Note> NOTES = new TupleTag<>("notes") {};

  private static final TupleTag<String> FACTS = new TupleTag<>("facts") {};

  private final TupleTag<T> tag;
  private final PCollection<T> elements;
  private final PCollection<LedgerEntry> entries;
  private final PCollection<BadRecord> badRecords;
  private final Optional<PCollection<String>> facts;

  private StepOutput(
      TupleTag<T> tag,
      PCollection<T> elements,
      PCollectionTuple side,
      Optional<PCollection<String>> facts) {
    this.tag = tag;
    this.elements = elements;
    this.entries = side.get(ENTRIES).setCoder(LedgerEntry.LedgerEntryCoder.of());
    this.badRecords = side.get(BAD_RECORDS).setCoder(BadRecord.BadRecordCoder.of());
    this.facts = facts;
  }

  /** The output of a ParDo that was given {@code tag} and {@link #SIDE_TAGS}. */
  public static <T> StepOutput<T> of(TupleTag<T> tag, PCollectionTuple outputs, Coder<T> coder) {
    return new StepOutput<>(tag, outputs.get(tag).setCoder(coder), outputs, Optional.empty());
  }

  /**
   * The output of a ParDo that was given {@code tag} and {@link #NOTES}. On runners that write all
   * elements of a step once for each of its tags, one tag beside the elements costs least.
   */
  public static <T> StepOutput<T> ofNotes(
      TupleTag<T> tag, PCollectionTuple outputs, Coder<T> coder) {
    PCollectionTuple side =
        outputs
            .get(NOTES)
            .setCoder(Note.NoteCoder.of())
            .apply(
                "SplitNotes",
                ParDo.of(new SplitNotesFn())
                    .withOutputTags(ENTRIES, TupleTagList.of(BAD_RECORDS).and(FACTS)));
    PCollection<String> facts = side.get(FACTS).setCoder(StringUtf8Coder.of());
    return new StepOutput<>(tag, outputs.get(tag).setCoder(coder), side, Optional.of(facts));
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

  /**
   * What the source of the elements says of itself, where it came along as notes.
   *
   * @throws java.util.NoSuchElementException if this step takes no notes in
   */
  public PCollection<String> facts() {
    return facts.orElseThrow();
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
    facts.ifPresent(collection -> values.put(FACTS, collection));
    return values;
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}

  private static final class SplitNotesFn extends DoFn<Note, LedgerEntry> {
    @ProcessElement
    public void process(@Element Note note, MultiOutputReceiver out) {
      if (note instanceof Note.Entry entry) {
        out.get(ENTRIES).output(entry.entry());
      } else if (note instanceof Note.Bad bad) {
        out.get(BAD_RECORDS).output(bad.badRecord());
      } else if (note instanceof Note.Fact fact) {
        out.get(FACTS).output(fact.fact());
      }
    }
  }
}
