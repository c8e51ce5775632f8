package org.millrace.transforms.ledger;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkState;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.Traceable;

/**
 * An element on its way through the steps of a pipeline, or a {@link Note} that travels along.
 *
 * <p>A step with several outputs ends a chain: runners such as Flink then write all of its elements
 * once for each output, and each reader passes over those of the others. Where elements are large
 * and notes are few, it is cheaper to send both down one way, and to part them where the elements
 * have become few, or are grouped anyway. A note has an id and a position, so that it can be keyed
 * and grouped as elements are; all notes share them.
 *
 * @param <T> the type of the elements
 */
public final class Carried<T extends Traceable> implements Traceable {

  private static final String NOTE_ID = "note";
  private static final OrderKey NOTE_POSITION = new OrderKey(0, 0);

  private final @Nullable T element;
  private final @Nullable Note note;

  private Carried(@Nullable T element, @Nullable Note note) {
    this.element = element;
    this.note = note;
  }

  /** An element. */
  public static <T extends Traceable> Carried<T> of(T element) {
    return new Carried<>(element, null);
  }

  /** A note. */
  public static <T extends Traceable> Carried<T> note(Note note) {
    return new Carried<>(null, note);
  }

  /** Puts the sums of a tally out as notes, at the end of a bundle. */
  public static <I, O extends Traceable> void flush(
      Tally tally, DoFn<I, Carried<O>>.FinishBundleContext context) {
    for (LedgerEntry entry : tally.entries()) {
      context.output(
          note(new Note.Entry(entry)), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
    }
  }

  /** Whether this is an element, and no note. */
  public boolean isElement() {
    return element != null;
  }

  /** The element; only where there is one. */
  public T element() {
    checkState(element != null, "this is a note, not an element");
    return element;
  }

  /** The note; only where there is one. */
  public Note note() {
    checkState(note != null, "this is an element, not a note");
    return note;
  }

  @Override
  public String id() {
    return element == null ? NOTE_ID : element.id();
  }

  @Override
  public OrderKey position() {
    return element == null ? NOTE_POSITION : element.position();
  }

  /** Counts the element; a note holds nothing. */
  @Override
  public void tallyTo(Tally tally, String step, String reason) {
    if (element != null) {
      element.tallyTo(tally, step, reason);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Carried<?> that
        && Objects.equals(element, that.element)
        && Objects.equals(note, that.note);
  }

  @Override
  public int hashCode() {
    return Objects.hash(element, note);
  }

  @Override
  public String toString() {
    return String.valueOf(element == null ? note : element);
  }

  /** Writes 0 and the element, or 1 and the note. */
  public static final class CarriedCoder<T extends Traceable> extends StructuredCoder<Carried<T>> {
    private static final int ELEMENT = 0;
    private static final int NOTE = 1;

    private final Coder<T> elements;

    private CarriedCoder(Coder<T> elements) {
      this.elements = elements;
    }

    /** For elements that {@code elements} codes. */
    public static <T extends Traceable> CarriedCoder<T> of(Coder<T> elements) {
      return new CarriedCoder<>(elements);
    }

    @Override
    public void encode(Carried<T> carried, OutputStream out) throws IOException {
      if (carried.isElement()) {
        out.write(ELEMENT);
        elements.encode(carried.element(), out);
      } else {
        out.write(NOTE);
        Note.NoteCoder.of().encode(carried.note(), out);
      }
    }

    @Override
    public Carried<T> decode(InputStream in) throws IOException {
      int kind = in.read();
      return switch (kind) {
        case ELEMENT -> Carried.of(elements.decode(in));
        case NOTE -> Carried.note(Note.NoteCoder.of().decode(in));
        default -> throw new IOException("what is carried: expected 0 or 1, got " + kind);
      };
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
      return List.of(elements);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      verifyDeterministic(this, "the elements' coder must be deterministic", elements);
    }
  }
}
