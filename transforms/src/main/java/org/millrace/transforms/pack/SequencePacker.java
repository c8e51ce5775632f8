package org.millrace.transforms.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;

/**
 * Concatenates documents and cuts the stream into sequences of equal length. Every token goes out
 * exactly once: in a full sequence, or in the leftover at the end.
 */
final class SequencePacker {

  /** Receives tokens in order, with the documents that they come from, and the token after them. */
  interface Output {
    void accept(TokenIds tokens, List<Piece> pieces, OptionalInt nextToken);
  }

  private final int length;
  private int[] tokens;
  private int filled;
  private List<Piece> pieces = new ArrayList<>();

  // A full sequence waits until the token after it is known.
  private TokenIds fullTokens = TokenIds.of();
  private List<Piece> fullPieces = List.of();

  SequencePacker(int length) {
    this.length = length;
    this.tokens = new int[length];
  }

  /** Adds a document; gives out every sequence that was full before its last token. */
  void add(TokenizedDocument document, Output full) {
    int total = document.tokens().length();
    for (int at = 0; at < total; ) {
      release(full, OptionalInt.of(document.tokens().get(at)));
      int count = Math.min(total - at, length - filled);
      document.tokens().slice(at, at + count).copyTo(tokens, filled);
      filled += count;
      boolean starts = at == 0;
      at += count;
      pieces.add(
          new Piece(document.source(), count, starts, at == total, starts ? document.bytes() : 0));
      if (filled == length) {
        fullTokens = TokenIds.wrap(tokens);
        fullPieces = pieces;
        clear();
      }
    }
  }

  /** Gives out the last full sequence, and what has not filled one, when there is any. */
  void finish(Output full, Output leftover) {
    release(full, OptionalInt.empty());
    if (filled > 0) {
      leftover.accept(TokenIds.wrap(tokens).slice(0, filled), pieces, OptionalInt.empty());
      clear();
    }
  }

  private void release(Output full, OptionalInt nextToken) {
    if (!fullTokens.isEmpty()) {
      full.accept(fullTokens, fullPieces, nextToken);
      fullTokens = TokenIds.of();
    }
  }

  private void clear() {
    tokens = new int[length];
    filled = 0;
    pieces = new ArrayList<>();
  }
}
