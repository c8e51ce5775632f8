package org.millrace.transforms.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/**
 * Sums of ledger entries, as a step gathers them within a bundle. Not shared by threads.
 *
 * <p>A step keeps one in a transient field, made anew in {@code @StartBundle}, adds to it in
 * {@code @ProcessElement} and calls {@link #flush} in {@code @FinishBundle}: what a failed bundle
 * has counted is gone with its output.
 */
public final class Tally {

  private record Key(String source, String step, String reason) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int order = source.compareTo(other.source);
      order = order != 0 ? order : step.compareTo(other.step);
      return order != 0 ? order : reason.compareTo(other.reason);
    }
  }

  private final TreeMap<Key, long[]> sums = new TreeMap<>();

  /** Adds documents, the bytes of their texts and tokens to an entry. */
  public void add(
      String source, String step, String reason, long documents, long bytes, long tokens) {
    long[] sum = sums.computeIfAbsent(new Key(source, step, reason), key -> new long[3]);
    sum[0] += documents;
    sum[1] += bytes;
    sum[2] += tokens;
  }

  /** Adds an entry. */
  public void add(LedgerEntry entry) {
    add(
        entry.source(),
        entry.step(),
        entry.reason(),
        entry.documents(),
        entry.bytes(),
        entry.tokens());
  }

  /** The sums so far, sorted. */
  public List<LedgerEntry> entries() {
    List<LedgerEntry> entries = new ArrayList<>(sums.size());
    sums.forEach(
        (key, sum) ->
            entries.add(new LedgerEntry(key.source, key.step, key.reason, sum[0], sum[1], sum[2])));
    return entries;
  }

  /** Puts the sums out to {@code tag} at the end of a bundle. */
  public <InputT, OutputT> void flush(
      TupleTag<LedgerEntry> tag, DoFn<InputT, OutputT>.FinishBundleContext context) {
    for (LedgerEntry entry : entries()) {
      context.output(tag, entry, timestamp(), GlobalWindow.INSTANCE);
    }
  }

  /** Puts the sums out as notes at the end of a bundle. */
  public <InputT, OutputT> void flushNotes(DoFn<InputT, OutputT>.FinishBundleContext context) {
    for (LedgerEntry entry : entries()) {
      context.output(StepOutput.NOTES, new Note.Entry(entry), timestamp(), GlobalWindow.INSTANCE);
    }
  }

  private static Instant timestamp() {
    return GlobalWindow.INSTANCE.maxTimestamp();
  }
}
