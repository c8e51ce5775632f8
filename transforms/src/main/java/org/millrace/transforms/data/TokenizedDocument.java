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
 * A document as tokens, with the begin and end tokens that the recipe asks for.
 *
 * @param position its document's place in the input
 * @param id its document's id
 * @param source its document's source
 * @param bytes the size of its document's text in UTF-8
 * @param tokens at least one
 */
@DefaultCoder(TokenizedDocument.TokenizedDocumentCoder.class)
public record TokenizedDocument(
    OrderKey position, String id, String source, long bytes, TokenIds tokens) implements Traceable {

  @Override
  public void tallyTo(Tally tally, String step, String reason) {
    tally.add(source, step, reason, 1, bytes, tokens.length());
  }

  /** Writes the fields in their order. */
  public static final class TokenizedDocumentCoder extends AtomicCoder<TokenizedDocument> {
    private static final TokenizedDocumentCoder INSTANCE = new TokenizedDocumentCoder();
    private static final StringUtf8Coder STRING = StringUtf8Coder.of();

    private TokenizedDocumentCoder() {}

    public static TokenizedDocumentCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(TokenizedDocument.class), INSTANCE);
    }

    @Override
    public void encode(TokenizedDocument document, OutputStream out) throws IOException {
      OrderKey.OrderKeyCoder.of().encode(document.position, out);
      STRING.encode(document.id, out);
      STRING.encode(document.source, out);
      VarInt.encode(document.bytes, out);
      TokenIds.TokenIdsCoder.of().encode(document.tokens, out);
    }

    @Override
    public TokenizedDocument decode(InputStream in) throws IOException {
      return new TokenizedDocument(
          OrderKey.OrderKeyCoder.of().decode(in),
          STRING.decode(in),
          STRING.decode(in),
          VarInt.decodeLong(in),
          TokenIds.TokenIdsCoder.of().decode(in));
    }
  }
}
