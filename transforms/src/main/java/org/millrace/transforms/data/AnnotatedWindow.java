package org.millrace.transforms.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.millrace.transforms.ledger.Tally;

/**
 * A window of a corpus with what a teacher expects behind each of its own tokens. Domain and index
 * are its key: by them, and by nothing else, it belongs to the window that it was made of.
 *
 * @param position its place in its part of the dataset
 * @param domain the name of its domain
 * @param index its number in its domain
 * @param previous the tokens before its own that the teacher has read; none where they are not kept
 * @param tokens its own; none where they are not kept
 * @param targets row {@code j} is for the token behind its token {@code j}
 */
@DefaultCoder(AnnotatedWindow.AnnotatedWindowCoder.class)
public record AnnotatedWindow(
    OrderKey position,
    String domain,
    long index,
    TokenIds previous,
    TokenIds tokens,
    TopKLogits targets)
    implements Traceable {

  /** {@code domain/index}. */
  @Override
  public String id() {
    return domain + "/" + index;
  }

  /** A window counts as a document of its domain; its tokens count where they are kept. */
  @Override
  public void tallyTo(Tally tally, String step, String reason) {
    tally.add(domain, step, reason, 1, 0, tokens.length());
  }

  /** Writes the fields in their order. */
  public static final class AnnotatedWindowCoder extends AtomicCoder<AnnotatedWindow> {
    private static final AnnotatedWindowCoder INSTANCE = new AnnotatedWindowCoder();
    private static final StringUtf8Coder STRING = StringUtf8Coder.of();

    private AnnotatedWindowCoder() {}

    public static AnnotatedWindowCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(AnnotatedWindow.class), INSTANCE);
    }

    @Override
    public void encode(AnnotatedWindow window, OutputStream out) throws IOException {
      OrderKey.OrderKeyCoder.of().encode(window.position, out);
      STRING.encode(window.domain, out);
      VarInt.encode(window.index, out);
      TokenIds.TokenIdsCoder.of().encode(window.previous, out);
      TokenIds.TokenIdsCoder.of().encode(window.tokens, out);
      TopKLogits.TopKLogitsCoder.of().encode(window.targets, out);
    }

    @Override
    public AnnotatedWindow decode(InputStream in) throws IOException {
      return new AnnotatedWindow(
          OrderKey.OrderKeyCoder.of().decode(in),
          STRING.decode(in),
          VarInt.decodeLong(in),
          TokenIds.TokenIdsCoder.of().decode(in),
          TokenIds.TokenIdsCoder.of().decode(in),
          TopKLogits.TopKLogitsCoder.of().decode(in));
    }
  }
}
