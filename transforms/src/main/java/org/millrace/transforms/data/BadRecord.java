package org.millrace.transforms.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * A record that could not be used, as it goes to the failures output.
 *
 * @param position its place in the input
 * @param id where it stands: {@code relative/path:offset}
 * @param source what the ledger counts it under
 * @param stage the step that refused it
 * @param exception the simple name of the error's class, or of what it stands for
 * @param message what was expected and what was found
 * @param record the record's beginning, {@link #RECORD_LIMIT} bytes at most
 */
@DefaultCoder(BadRecord.BadRecordCoder.class)
public record BadRecord(
    OrderKey position,
    String id,
    String source,
    String stage,
    String exception,
    String message,
    String record)
    implements Serializable {

  /** How many bytes of a record are kept. */
  public static final int RECORD_LIMIT = 1024;

  /** The beginning of {@code bytes} as text; what is not UTF-8 becomes U+FFFD. */
  public static String excerpt(byte[] bytes, int length) {
    return new String(bytes, 0, Math.min(length, RECORD_LIMIT), StandardCharsets.UTF_8);
  }

  /** The beginning of {@code text}; lone surrogates become a question mark. */
  public static String excerpt(String text) {
    byte[] bytes =
        text.substring(0, Math.min(text.length(), RECORD_LIMIT)).getBytes(StandardCharsets.UTF_8);
    return excerpt(bytes, bytes.length);
  }

  /** Writes the fields in their order. */
  public static final class BadRecordCoder extends AtomicCoder<BadRecord> {
    private static final BadRecordCoder INSTANCE = new BadRecordCoder();
    private static final StringUtf8Coder STRING = StringUtf8Coder.of();

    private BadRecordCoder() {}

    public static BadRecordCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(BadRecord.class), INSTANCE);
    }

    @Override
    public void encode(BadRecord record, OutputStream out) throws IOException {
      OrderKey.OrderKeyCoder.of().encode(record.position, out);
      STRING.encode(record.id, out);
      STRING.encode(record.source, out);
      STRING.encode(record.stage, out);
      STRING.encode(record.exception, out);
      STRING.encode(record.message, out);
      STRING.encode(record.record, out);
    }

    @Override
    public BadRecord decode(InputStream in) throws IOException {
      return new BadRecord(
          OrderKey.OrderKeyCoder.of().decode(in),
          STRING.decode(in),
          STRING.decode(in),
          STRING.decode(in),
          STRING.decode(in),
          STRING.decode(in),
          STRING.decode(in));
    }
  }
}
