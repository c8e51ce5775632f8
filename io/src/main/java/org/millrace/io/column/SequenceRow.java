package org.millrace.io.column;

import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenIds;

/** A packed sequence as a row. */
record SequenceRow(PackedSequence sequence) implements TokenRow {

  @Override
  public String id() {
    return sequence.id();
  }

  @Override
  public TokenIds tokens() {
    return sequence.tokens();
  }

  @Override
  public TokenIds labels() {
    return NextTokens.labels(sequence.tokens(), sequence.nextToken());
  }

  @Override
  public TokenIds mask() {
    return NextTokens.mask(
        sequence.tokens().length(), sequence.contentLength(), sequence.nextToken().isPresent());
  }

  @Override
  public int contentLength() {
    return sequence.contentLength();
  }

  @Override
  public int[] documentEnds() {
    return sequence.documentEnds();
  }
}
