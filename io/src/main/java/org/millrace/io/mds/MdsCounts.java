package org.millrace.io.mds;

import java.io.Serializable;
import java.util.SortedMap;
import org.millrace.io.column.TokenRow;

/** What is told of samples beside their columns. */
interface MdsCounts<T> extends Serializable {

  /**
   * What a sample is called in an error.
   *
   * @param number its place in the shard of the dataset
   */
  default String id(T sample, long number) {
    return "sample " + number;
  }

  /** Adds up what a manifest counts. */
  default void add(T sample, SortedMap<String, Long> counts) {}

  /** Counts nothing. */
  record None<T>() implements MdsCounts<T> {}

  /**
   * Counts tokens.
   *
   * @param padding whether samples may have padding, which is counted apart
   */
  record Rows(boolean padding) implements MdsCounts<TokenRow> {

    @Override
    public String id(TokenRow row, long number) {
      return row.id();
    }

    @Override
    public void add(TokenRow row, SortedMap<String, Long> counts) {
      counts.merge("tokens", (long) row.contentLength(), Long::sum);
      if (padding) {
        counts.merge("padding", (long) row.tokens().length() - row.contentLength(), Long::sum);
      }
    }
  }
}
