package org.millrace.transforms.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Utf8;
import org.millrace.transforms.ledger.Tally;

/**
 * A text as it was read, with where it came from.
 *
 * @param position its place in the input: the rank of its file, and its offset in it
 * @param id unique in the dataset: {@code relative/path:offset}, or a field of the record
 * @param source what the ledger counts it under: a folder of the input, a domain
 * @param text well-formed Unicode: no lone surrogates
 * @param meta the record's other fields as canonical JSON: an object, keys sorted, no white space
 */
@DefaultCoder(Document.DocumentCoder.class)
public record Document(OrderKey position, String id, String source, String text, String meta)
    implements Traceable {

  /** The text's size in UTF-8. */
  public long bytes() {
    return Utf8.encodedLength(text);
  }

  @Override
  public void tallyTo(Tally tally, String step, String reason) {
    tally.add(source, step, reason, 1, bytes(), 0);
  }

  /** Writes the position first, so that equal keys are ordered by position. */
  public static final class DocumentCoder extends AtomicCoder<Document> {
    private static final DocumentCoder INSTANCE = new DocumentCoder();
    private static final StringUtf8Coder STRING = StringUtf8Coder.of();

    private DocumentCoder() {}

    public static DocumentCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(Document.class), INSTANCE);
    }

    @Override
    public void encode(Document document, OutputStream out) throws IOException {
      OrderKey.OrderKeyCoder.of().encode(document.position, out);
      STRING.encode(document.id, out);
      STRING.encode(document.source, out);
      STRING.encode(document.text, out);
      STRING.encode(document.meta, out);
    }

    @Override
    public Document decode(InputStream in) throws IOException {
      return new Document(
          OrderKey.OrderKeyCoder.of().decode(in),
          STRING.decode(in),
          STRING.decode(in),
          STRING.decode(in),
          STRING.decode(in));
    }
  }
}
