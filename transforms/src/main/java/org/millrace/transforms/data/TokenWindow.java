package org.millrace.transforms.data;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

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
 * Tokens that follow each other in a corpus: those that are the window's own, as no other window
 * has them so, what comes before, and what comes after. Domain, part and index are its key.
 *
 * @param part the part of the dataset that it is in
 * @param domain what the ledger counts it under
 * @param index its number among the windows of its domain in its part, from 0
 * @param position its place in the part
 * @param id the place it was cut from
 * @param tokens all of them
 * @param before how many come before its own
 * @param ownCount how many are its own
 */
@DefaultCoder(TokenWindow.TokenWindowCoder.class)
public record TokenWindow(
    String part,
    String domain,
    long index,
    OrderKey position,
    String id,
    TokenIds tokens,
    int before,
    int ownCount)
    implements Traceable {

  public TokenWindow {
    checkArgument(
        before >= 0 && ownCount >= 0 && before + ownCount <= tokens.length(),
        "%s tokens before %s own ones are not within %s",
        before,
        ownCount,
        tokens.length());
  }

  /** The tokens before its own. */
  public TokenIds context() {
    return tokens.slice(0, before);
  }

  /** Its own tokens. */
  public TokenIds own() {
    return tokens.slice(before, before + ownCount);
  }

  /** The tokens after its own. */
  public TokenIds following() {
    return tokens.slice(before + ownCount, tokens.length());
  }

  /** Counts its own tokens; documents are counted where windows are cut. */
  @Override
  public void tallyTo(Tally tally, String step, String reason) {
    tally.add(domain, step, reason, 0, 0, ownCount);
  }

  /** Writes the fields in their order. */
  public static final class TokenWindowCoder extends AtomicCoder<TokenWindow> {
    private static final TokenWindowCoder INSTANCE = new TokenWindowCoder();
    private static final StringUtf8Coder STRING = StringUtf8Coder.of();

    private TokenWindowCoder() {}

    public static TokenWindowCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(TokenWindow.class), INSTANCE);
    }

    @Override
    public void encode(TokenWindow window, OutputStream out) throws IOException {
      STRING.encode(window.part, out);
      STRING.encode(window.domain, out);
      VarInt.encode(window.index, out);
      OrderKey.OrderKeyCoder.of().encode(window.position, out);
      STRING.encode(window.id, out);
      TokenIds.TokenIdsCoder.of().encode(window.tokens, out);
      VarInt.encode(window.before, out);
      VarInt.encode(window.ownCount, out);
    }

    @Override
    public TokenWindow decode(InputStream in) throws IOException {
      return new TokenWindow(
          STRING.decode(in),
          STRING.decode(in),
          VarInt.decodeLong(in),
          OrderKey.OrderKeyCoder.of().decode(in),
          STRING.decode(in),
          TokenIds.TokenIdsCoder.of().decode(in),
          VarInt.decodeInt(in),
          VarInt.decodeInt(in));
    }
  }
}
