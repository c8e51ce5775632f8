package org.millrace.transforms.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Comparator;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * How much of one source met one fate in one step.
 *
 * @param source a folder of the input, a domain
 * @param step the step of the recipe, as "read" or "pack"
 * @param reason what became of it: one of {@link Ledger}'s reasons, or why it was dropped
 * @param documents the number of documents
 * @param bytes the size of their texts in UTF-8
 * @param tokens the number of tokens
 */
@DefaultCoder(LedgerEntry.LedgerEntryCoder.class)
public record LedgerEntry(
    String source, String step, String reason, long documents, long bytes, long tokens)
    implements Comparable<LedgerEntry>, Serializable {

  private static final Comparator<LedgerEntry> ORDER =
      Comparator.comparing(LedgerEntry::source)
          .thenComparing(LedgerEntry::step)
          .thenComparing(LedgerEntry::reason)
          .thenComparing(LedgerEntry::documents)
          .thenComparing(LedgerEntry::bytes)
          .thenComparing(LedgerEntry::tokens);

  @Override
  public int compareTo(LedgerEntry other) {
    return ORDER.compare(this, other);
  }

  /** Writes the fields in their order. */
  public static final class LedgerEntryCoder extends AtomicCoder<LedgerEntry> {
    private static final LedgerEntryCoder INSTANCE = new LedgerEntryCoder();
    private static final StringUtf8Coder STRING = StringUtf8Coder.of();

    private LedgerEntryCoder() {}

    public static LedgerEntryCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(LedgerEntry.class), INSTANCE);
    }

    @Override
    public void encode(LedgerEntry entry, OutputStream out) throws IOException {
      STRING.encode(entry.source, out);
      STRING.encode(entry.step, out);
      STRING.encode(entry.reason, out);
      VarInt.encode(entry.documents, out);
      VarInt.encode(entry.bytes, out);
      VarInt.encode(entry.tokens, out);
    }

    @Override
    public LedgerEntry decode(InputStream in) throws IOException {
      return new LedgerEntry(
          STRING.decode(in),
          STRING.decode(in),
          STRING.decode(in),
          VarInt.decodeLong(in),
          VarInt.decodeLong(in),
          VarInt.decodeLong(in));
    }
  }
}
