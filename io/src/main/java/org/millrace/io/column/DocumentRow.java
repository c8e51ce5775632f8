package org.millrace.io.column;

import java.util.OptionalInt;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;

/** A document as a row. */
record DocumentRow(TokenizedDocument document) implements TokenRow {

  @Override
  public String id() {
    return document.id();
  }

  @Override
  public TokenIds tokens() {
    return document.tokens();
  }

  @Override
  public TokenIds labels() {
    return NextTokens.labels(tokens(), OptionalInt.empty());
  }

  @Override
  public TokenIds mask() {
    return NextTokens.mask(contentLength(), contentLength(), false);
  }

  @Override
  public int contentLength() {
    return document.tokens().length();
  }

  @Override
  public int[] documentEnds() {
    return new int[] {contentLength()};
  }
}
