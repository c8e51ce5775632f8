package org.millrace.transforms.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.millrace.transforms.ledger.Tally;

/**
 * A packed sequence with what a teacher expects behind each of its tokens.
 *
 * @param sequence the sequence
 * @param targets row {@code j} is for the token behind token {@code j}
 */
@DefaultCoder(AnnotatedSequence.AnnotatedSequenceCoder.class)
public record AnnotatedSequence(PackedSequence sequence, TopKLogits targets) implements Traceable {

  @Override
  public String id() {
    return sequence.id();
  }

  @Override
  public OrderKey position() {
    return sequence.position();
  }

  @Override
  public void tallyTo(Tally tally, String step, String reason) {
    sequence.tallyTo(tally, step, reason);
  }

  /** Writes the fields in their order. */
  public static final class AnnotatedSequenceCoder extends AtomicCoder<AnnotatedSequence> {
    private static final AnnotatedSequenceCoder INSTANCE = new AnnotatedSequenceCoder();

    private AnnotatedSequenceCoder() {}

    public static AnnotatedSequenceCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(AnnotatedSequence.class), INSTANCE);
    }

    @Override
    public void encode(AnnotatedSequence annotated, OutputStream out) throws IOException {
      PackedSequence.PackedSequenceCoder.of().encode(annotated.sequence, out);
      TopKLogits.TopKLogitsCoder.of().encode(annotated.targets, out);
    }

    @Override
    public AnnotatedSequence decode(InputStream in) throws IOException {
      return new AnnotatedSequence(
          PackedSequence.PackedSequenceCoder.of().decode(in),
          TopKLogits.TopKLogitsCoder.of().decode(in));
    }
  }
}
