package org.millrace.transforms.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * What became of every document and every token of every source.
 *
 * <p>Documents and bytes come in at {@link #READ}, tokens at {@link #TOKENIZED}, and all three once
 * more at {@link #REPEATED}; steps put further tokens in as {@link #SENTINELS}, and tokens or bytes
 * as {@link #ADDED}. All other entries say where they went: {@link #WRITTEN}, {@link #BAD}, or
 * dropped for the reason named. A ledger balances when, for each source, what came in equals what
 * went somewhere. It is computed from the data, never from metrics, which count retries twice.
 *
 * @param entries sorted by source, step and reason; at most one of each
 */
@DefaultCoder(Ledger.LedgerCoder.class)
public record Ledger(List<LedgerEntry> entries) implements Serializable {

  /** The reason of documents and bytes that came in. */
  public static final String READ = "read";

  /** The reason of tokens that came in. */
  public static final String TOKENIZED = "tokenized";

  /** The reason of what came in once more, for another epoch. */
  public static final String REPEATED = "repeated";

  /** The reason of tokens that a step put between others to tell parts apart. */
  public static final String SENTINELS = "sentinels";

  /** The reason of bytes or tokens that are more because a step wrote or encoded texts anew. */
  public static final String ADDED = "added";

  /** The reason of what is in the output. */
  public static final String WRITTEN = "written";

  /** The reason of what is in the failures output. */
  public static final String BAD = "bad";

  private static final Set<String> TEXT_IN = Set.of(READ, REPEATED, ADDED);

  private static final Set<String> TOKENS_IN = Set.of(TOKENIZED, REPEATED, SENTINELS, ADDED);

  public Ledger {
    entries = List.copyOf(entries);
  }

  /** Sums partial entries to one ledger, which is empty where there are none. */
  public static Combine.Globally<LedgerEntry, Ledger> sum() {
    return Combine.globally(new SumFn());
  }

  /** The documents with a reason, over all sources. */
  public long documents(String reason) {
    return total(reason, LedgerEntry::documents);
  }

  /** The tokens with a reason, over all sources. */
  public long tokens(String reason) {
    return total(reason, LedgerEntry::tokens);
  }

  private long total(String reason, ToLongFunction<LedgerEntry> count) {
    return entries.stream().filter(e -> e.reason().equals(reason)).mapToLong(count).sum();
  }

  /**
   * What does not balance, a sentence each: source, what, in, out. Empty when all is accounted for.
   */
  public List<String> imbalances() {
    TreeMap<String, long[]> bySource = new TreeMap<>();
    for (LedgerEntry entry : entries) {
      long[] sums = bySource.computeIfAbsent(entry.source(), source -> new long[6]);
      boolean tokenized = entry.reason().equals(TOKENIZED);
      boolean in = TEXT_IN.contains(entry.reason());
      if (!tokenized) {
        sums[in ? 0 : 1] += entry.documents();
        sums[in ? 2 : 3] += entry.bytes();
      }
      sums[TOKENS_IN.contains(entry.reason()) ? 4 : 5] += entry.tokens();
    }
    List<String> found = new ArrayList<>();
    bySource.forEach(
        (source, sums) -> {
          compare(found, source, "documents", sums[0], sums[1]);
          compare(found, source, "bytes of text", sums[2], sums[3]);
          compare(found, source, "tokens", sums[4], sums[5]);
        });
    return found;
  }

  private static void compare(List<String> found, String source, String what, long in, long out) {
    if (in != out) {
      found.add(
          String.format(
              "source %s: %d %s came in, %d are accounted for (%+d)",
              source, in, what, out, out - in));
    }
  }

  private static final class SumFn extends Combine.CombineFn<LedgerEntry, Tally, Ledger> {
    @Override
    public Tally createAccumulator() {
      return new Tally();
    }

    @Override
    public Tally addInput(Tally tally, LedgerEntry entry) {
      tally.add(entry);
      return tally;
    }

    @Override
    public Tally mergeAccumulators(Iterable<Tally> tallies) {
      Tally sum = new Tally();
      tallies.forEach(tally -> tally.entries().forEach(sum::add));
      return sum;
    }

    @Override
    public Ledger extractOutput(Tally tally) {
      return new Ledger(tally.entries());
    }

    @Override
    public Coder<Tally> getAccumulatorCoder(CoderRegistry registry, Coder<LedgerEntry> input) {
      return TallyCoder.INSTANCE;
    }

    @Override
    public Coder<Ledger> getDefaultOutputCoder(CoderRegistry registry, Coder<LedgerEntry> input) {
      return LedgerCoder.of();
    }
  }

  private static final class TallyCoder extends AtomicCoder<Tally> {
    private static final TallyCoder INSTANCE = new TallyCoder();

    @Override
    public void encode(Tally tally, OutputStream out) throws IOException {
      LedgerCoder.of().encode(new Ledger(tally.entries()), out);
    }

    @Override
    public Tally decode(InputStream in) throws IOException {
      Tally tally = new Tally();
      LedgerCoder.of().decode(in).entries().forEach(tally::add);
      return tally;
    }
  }

  /** Writes the number of entries, then each. */
  public static final class LedgerCoder extends AtomicCoder<Ledger> {
    private static final LedgerCoder INSTANCE = new LedgerCoder();

    private LedgerCoder() {}

    public static LedgerCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(Ledger.class), INSTANCE);
    }

    @Override
    public void encode(Ledger ledger, OutputStream out) throws IOException {
      VarInt.encode(ledger.entries.size(), out);
      for (LedgerEntry entry : ledger.entries) {
        LedgerEntry.LedgerEntryCoder.of().encode(entry, out);
      }
    }

    @Override
    public Ledger decode(InputStream in) throws IOException {
      int count = VarInt.decodeInt(in);
      List<LedgerEntry> entries = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        entries.add(LedgerEntry.LedgerEntryCoder.of().decode(in));
      }
      return new Ledger(entries);
    }
  }
}
