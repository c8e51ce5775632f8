package org.millrace.transforms.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.millrace.transforms.data.BadRecord;

/** What a step says beside its elements. */
@DefaultCoder(Note.NoteCoder.class)
public sealed interface Note extends Serializable {

  /** How many elements met which fate. */
  record Entry(LedgerEntry entry) implements Note {}

  /** A record that could not be used. */
  record Bad(BadRecord badRecord) implements Note {}

  /** What the source of the elements says of itself, in a form that is its own. */
  record Fact(String fact) implements Note {}

  /** Writes a byte that says which kind it is, then what it says. */
  final class NoteCoder extends AtomicCoder<Note> {
    private static final NoteCoder INSTANCE = new NoteCoder();
    private static final int ENTRY = 0;
    private static final int BAD = 1;
    private static final int FACT = 2;

    private NoteCoder() {}

    public static NoteCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(Note.class), INSTANCE);
    }

    @Override
    public void encode(Note note, OutputStream out) throws IOException {
      if (note instanceof Entry entry) {
        out.write(ENTRY);
        LedgerEntry.LedgerEntryCoder.of().encode(entry.entry, out);
      } else if (note instanceof Bad bad) {
        out.write(BAD);
        BadRecord.BadRecordCoder.of().encode(bad.badRecord, out);
      } else if (note instanceof Fact fact) {
        out.write(FACT);
        StringUtf8Coder.of().encode(fact.fact, out);
      }
    }

    @Override
    public Note decode(InputStream in) throws IOException {
      int kind = in.read();
      return switch (kind) {
        case ENTRY -> new Entry(LedgerEntry.LedgerEntryCoder.of().decode(in));
        case BAD -> new Bad(BadRecord.BadRecordCoder.of().decode(in));
        case FACT -> new Fact(StringUtf8Coder.of().decode(in));
        default -> throw new IOException("note: expected a kind of 0 to 2, got " + kind);
      };
    }
  }
}
