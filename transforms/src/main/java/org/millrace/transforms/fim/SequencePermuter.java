package org.millrace.transforms.fim;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.PieceCut;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.ledger.Tally;

/**
 * Permutes the texts of a packed sequence, and keeps its length.
 *
 * <p>What does not fit any more is cut off the end, and the first token of it is what the
 * sequence's last one predicts; what got shorter is padded. Where nothing was permuted the sequence
 * is as it was, the token behind it included.
 */
final class SequencePermuter implements SamplePermuter<PackedSequence> {

  private static final PieceCut CUT = new PieceCut(FillInMiddle.STEP, FimEntries.CUT);

  private final FimPermuter permuter;
  private final FimFrame frame;
  private final int pad;

  SequencePermuter(FimPermuter permuter, FimFrame frame, int pad) {
    this.permuter = permuter;
    this.frame = frame;
    this.pad = pad;
  }

  @Override
  public PackedSequence permute(
      PackedSequence sequence, OrderKey key, FimCounts.Counter counter, Tally tally) {
    int length = sequence.tokens().length();
    SegmentWalk walk = new SegmentWalk(permuter, frame, key, length + length / 8, counter);
    List<Piece> pieces = walkPieces(sequence, walk, counter, tally);
    if (!walk.hasPermuted()) {
      return sequence;
    }
    walk.countCut(length);
    int made = walk.ids().length();
    if (made > length) {
      counter.add(FimCount.TOKENS_CUT, made - length);
      pieces = CUT.at(length, pieces, tally);
    } else if (made < sequence.contentLength()) {
      counter.add(FimCount.ROWS_PADDED, 1);
    }
    OptionalInt next = next(sequence, walk, made);
    return new PackedSequence(
        sequence.position(),
        sequence.id(),
        walk.ids().tokens(length, padding(sequence)),
        pieces,
        next);
  }

  private List<Piece> walkPieces(
      PackedSequence sequence, SegmentWalk walk, FimCounts.Counter counter, Tally tally) {
    List<Piece> pieces = new ArrayList<>();
    int at = 0;
    for (Piece piece : sequence.pieces()) {
      TokenIds run = sequence.tokens().slice(at, at + piece.tokens());
      int before = walk.ids().length();
      int added = walk.add(run);
      int now = walk.ids().length() - before;
      FimEntries.grown(piece.source(), run.length(), now, added, counter, tally);
      pieces.add(new Piece(piece.source(), now, piece.starts(), piece.ends(), piece.bytes()));
      at += piece.tokens();
    }
    return pieces;
  }

  /**
   * What the last token is to predict: what was cut off behind it, else what followed before. But
   * behind a permuted text that goes on in another sequence nothing does: its end is elsewhere.
   */
  private OptionalInt next(PackedSequence sequence, SegmentWalk walk, int made) {
    int length = sequence.tokens().length();
    if (made > length) {
      return OptionalInt.of(walk.ids().get(length));
    }
    boolean follows =
        made == length
            && sequence.nextToken().isPresent()
            && (!walk.endsPermuted() || sequence.nextToken().getAsInt() == frame.eos());
    return follows ? sequence.nextToken() : OptionalInt.empty();
  }

  /** A sequence that is padded already stays padded with the same token. */
  private int padding(PackedSequence sequence) {
    int length = sequence.tokens().length();
    return sequence.contentLength() < length ? sequence.tokens().get(length - 1) : pad;
  }
}
