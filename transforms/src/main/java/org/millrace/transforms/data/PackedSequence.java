package org.millrace.transforms.data;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.millrace.transforms.ledger.Tally;

/**
 * A training sample of fixed length: pieces of documents one after another, then padding where the
 * recipe pads.
 *
 * @param position its place when sequences are not shuffled: packing bucket, then number in it
 * @param id {@code bucket/number}
 * @param tokens as many as the recipe's sequence length
 * @param pieces the documents' pieces in the order of the tokens; what is left of the tokens is
 *     padding
 * @param nextToken the token that follows the last one in the packed stream: what a model is to
 *     predict there; empty at the end of a bucket and behind padding
 */
@DefaultCoder(PackedSequence.PackedSequenceCoder.class)
public record PackedSequence(
    OrderKey position, String id, TokenIds tokens, List<Piece> pieces, OptionalInt nextToken)
    implements Traceable {

  public PackedSequence {
    pieces = List.copyOf(pieces);
    int covered = pieces.stream().mapToInt(Piece::tokens).sum();
    checkArgument(
        covered <= tokens.length(),
        "pieces of %s tokens do not fit into a sequence of %s",
        covered,
        tokens.length());
    checkArgument(
        nextToken.isEmpty() || covered == tokens.length(),
        "a padded sequence has no next token, was %s",
        nextToken);
  }

  /**
   * A run of tokens that come from one document.
   *
   * @param source the document's source
   * @param tokens the length of the run
   * @param starts whether the document begins here
   * @param ends whether the document ends here
   * @param bytes the size of the document's text in UTF-8, where it begins here, else 0
   */
  public record Piece(String source, int tokens, boolean starts, boolean ends, long bytes)
      implements Serializable {}

  /** The number of tokens that come from documents; those after them are padding. */
  public int contentLength() {
    return pieces.stream().mapToInt(Piece::tokens).sum();
  }

  /** The places, just behind its last token, where a document ends in this sequence. */
  public int[] documentEnds() {
    int[] ends = new int[(int) pieces.stream().filter(Piece::ends).count()];
    int count = 0;
    int at = 0;
    for (Piece piece : pieces) {
      at += piece.tokens();
      if (piece.ends()) {
        ends[count++] = at;
      }
    }
    return ends;
  }

  /** Counts a document where it begins, and tokens where they are; padding is not counted. */
  @Override
  public void tallyTo(Tally tally, String step, String reason) {
    for (Piece piece : pieces) {
      tally.add(
          piece.source(), step, reason, piece.starts() ? 1 : 0, piece.bytes(), piece.tokens());
    }
  }

  /** Writes the fields in their order. */
  public static final class PackedSequenceCoder extends AtomicCoder<PackedSequence> {
    private static final PackedSequenceCoder INSTANCE = new PackedSequenceCoder();
    private static final StringUtf8Coder STRING = StringUtf8Coder.of();
    private static final int STARTS = 1;
    private static final int ENDS = 2;

    private PackedSequenceCoder() {}

    public static PackedSequenceCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(PackedSequence.class), INSTANCE);
    }

    @Override
    public void encode(PackedSequence sequence, OutputStream out) throws IOException {
      OrderKey.OrderKeyCoder.of().encode(sequence.position, out);
      STRING.encode(sequence.id, out);
      TokenIds.TokenIdsCoder.of().encode(sequence.tokens, out);
      VarInt.encode(sequence.pieces.size(), out);
      for (Piece piece : sequence.pieces) {
        STRING.encode(piece.source(), out);
        VarInt.encode(piece.tokens(), out);
        out.write((piece.starts() ? STARTS : 0) | (piece.ends() ? ENDS : 0));
        VarInt.encode(piece.bytes(), out);
      }
      VarInt.encode(sequence.nextToken.isPresent() ? 1 + sequence.nextToken.getAsInt() : 0, out);
    }

    @Override
    public PackedSequence decode(InputStream in) throws IOException {
      OrderKey position = OrderKey.OrderKeyCoder.of().decode(in);
      String id = STRING.decode(in);
      TokenIds tokens = TokenIds.TokenIdsCoder.of().decode(in);
      int count = VarInt.decodeInt(in);
      List<Piece> pieces = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String source = STRING.decode(in);
        int length = VarInt.decodeInt(in);
        int flags = in.read();
        pieces.add(
            new Piece(
                source, length, (flags & STARTS) != 0, (flags & ENDS) != 0, VarInt.decodeLong(in)));
      }
      int next = VarInt.decodeInt(in);
      return new PackedSequence(
          position, id, tokens, pieces, next == 0 ? OptionalInt.empty() : OptionalInt.of(next - 1));
    }
  }
}
