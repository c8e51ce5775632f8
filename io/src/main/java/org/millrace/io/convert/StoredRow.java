package org.millrace.io.convert;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.millrace.io.column.Column;
import org.millrace.io.column.NextTokens;
import org.millrace.io.column.TokenRow;
import org.millrace.io.stored.StoredSample;
import org.millrace.transforms.data.TokenIds;

/**
 * A sample that was read, as a row to be written. What it does not say is put in by the rule for a
 * sample of which nothing but the tokens is known: labels are the next tokens, none is predicted at
 * the last one, and all tokens count as content.
 *
 * @param shard where it is from
 * @param number over all shards
 */
record StoredRow(
    SourceShard shard,
    long number,
    TokenIds tokens,
    Optional<TokenIds> givenLabels,
    Optional<TokenIds> givenMask,
    TokenIds ends,
    int documentsEnded,
    int documentsBefore)
    implements TokenRow {

  /**
   * Takes from a sample what a format keeps.
   *
   * @param column that of the token ids
   * @param kept the other columns that are wanted
   */
  static StoredRow of(
      SourceShard shard, long number, StoredSample sample, String column, Set<String> kept)
      throws IOException {
    String where = id(shard, number);
    TokenIds tokens = sample.ids(column, where);
    Optional<TokenIds> ends = ids(sample, Column.DOCUMENT_ENDS, where, kept);
    return new StoredRow(
        shard,
        number,
        tokens,
        ids(sample, Column.LABELS, where, kept),
        ids(sample, Column.MASK, where, kept),
        ends.orElse(TokenIds.of()),
        count(sample, Column.DOCUMENTS_ENDED, where, 1),
        count(sample, Column.DOCUMENTS_BEFORE, where, 0));
  }

  private static Optional<TokenIds> ids(
      StoredSample sample, String column, String where, Set<String> kept) throws IOException {
    return kept.contains(column) && sample.index(column).isPresent()
        ? Optional.of(sample.ids(column, where))
        : Optional.empty();
  }

  private static int count(StoredSample sample, String column, String where, int standard)
      throws IOException {
    Optional<Integer> index = sample.index(column);
    if (index.isEmpty()) {
      return standard;
    }
    Object value = sample.value(index.get());
    if (value instanceof Long count && count >= 0 && count <= Integer.MAX_VALUE) {
      return count.intValue();
    }
    throw new IOException(where + ": column " + column + ": expected a count, got " + value);
  }

  private static String id(SourceShard shard, long number) {
    return "sample " + number + " (" + shard.path() + ")";
  }

  @Override
  public String id() {
    return id(shard, number);
  }

  @Override
  public TokenIds labels() {
    return givenLabels.orElseGet(() -> NextTokens.labels(tokens, OptionalInt.empty()));
  }

  @Override
  public TokenIds mask() {
    return givenMask.orElseGet(() -> NextTokens.mask(contentLength(), contentLength(), false));
  }

  @Override
  public int contentLength() {
    return tokens.length();
  }

  @Override
  public int[] documentEnds() {
    return ends.toArray();
  }
}
