package org.millrace.io.column;

import java.util.Optional;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TopKLogits;

/** A row with a teacher's targets beside it. */
record AnnotatedRow(TokenRow row, TopKLogits given) implements TokenRow {

  @Override
  public String id() {
    return row.id();
  }

  @Override
  public TokenIds tokens() {
    return row.tokens();
  }

  @Override
  public TokenIds labels() {
    return row.labels();
  }

  @Override
  public TokenIds mask() {
    return row.mask();
  }

  @Override
  public int contentLength() {
    return row.contentLength();
  }

  @Override
  public int[] documentEnds() {
    return row.documentEnds();
  }

  @Override
  public Optional<TopKLogits> targets() {
    return Optional.of(given);
  }
}
