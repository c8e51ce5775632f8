package org.millrace.transforms.data;

import java.util.ArrayList;
import java.util.List;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.ledger.Tally;

/**
 * Cuts the pieces of sequences, and tells the ledger what is lost.
 *
 * @param step that cuts
 * @param reason why
 */
public record PieceCut(String step, String reason) {

  /** The pieces of the first {@code length} tokens; what is behind them is dropped. */
  public List<Piece> at(int length, List<Piece> pieces, Tally tally) {
    List<Piece> kept = new ArrayList<>();
    int at = 0;
    for (Piece piece : pieces) {
      int fits = Math.min(piece.tokens(), length - at);
      if (fits == 0) {
        drop(List.of(piece), tally);
      } else if (fits < piece.tokens()) {
        kept.add(new Piece(piece.source(), fits, piece.starts(), false, piece.bytes()));
        tally.add(piece.source(), step, reason, 0, 0, piece.tokens() - fits);
      } else {
        kept.add(piece);
      }
      at += fits;
    }
    return kept;
  }

  /** Drops pieces as a whole: a document is dropped where it begins. */
  public void drop(List<Piece> pieces, Tally tally) {
    for (Piece piece : pieces) {
      tally.add(
          piece.source(), step, reason, piece.starts() ? 1 : 0, piece.bytes(), piece.tokens());
    }
  }
}
