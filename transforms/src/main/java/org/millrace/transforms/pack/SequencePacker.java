package org.millrace.transforms.pack;

import java.util.ArrayList;
import java.util.List;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;

/**
 * Concatenates documents and cuts the stream into sequences of equal length. Every token goes out
 * exactly once: in a full sequence, or in the leftover at the end.
 */
final class SequencePacker {

  /** Receives tokens in order, with the documents that they come from. */
  interface Output {
    void accept(TokenIds tokens, List<Piece> pieces);
  }

  private final int length;
  private int[] tokens;
  private int filled;
  private List<Piece> pieces = new ArrayList<>();

  SequencePacker(int length) {
    this.length = length;
    this.tokens = new int[length];
  }

  /** Adds a document; gives out every sequence that it fills. */
  void add(TokenizedDocument document, Output full) {
    int total = document.tokens().length();
    for (int at = 0; at < total; ) {
      int count = Math.min(total - at, length - filled);
      document.tokens().slice(at, at + count).copyTo(tokens, filled);
      filled += count;
      boolean starts = at == 0;
      at += count;
      pieces.add(
          new Piece(document.source(), count, starts, at == total, starts ? document.bytes() : 0));
      if (filled == length) {
        take(full);
      }
    }
  }

  /** Gives out what has not filled a sequence, when there is any. */
  void finish(Output leftover) {
    if (filled > 0) {
      take(leftover);
    }
  }

  private void take(Output output) {
    TokenIds taken = TokenIds.wrap(tokens).slice(0, filled);
    List<Piece> takenPieces = pieces;
    tokens = new int[length];
    filled = 0;
    pieces = new ArrayList<>();
    output.accept(taken, takenPieces);
  }
}
