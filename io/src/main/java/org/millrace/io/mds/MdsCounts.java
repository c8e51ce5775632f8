package org.millrace.io.mds;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import org.millrace.io.column.Column;
import org.millrace.io.column.NdArray;
import org.millrace.io.column.TokenRow;
import org.millrace.io.stored.StoredSample;

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
  default void add(T sample, SortedMap<String, Long> counts) throws IOException {}

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

  /**
   * Counts the token ids of samples that were read, padding included.
   *
   * @param columns those that are copied
   */
  record Copied(List<Column> columns) implements MdsCounts<StoredSample> {

    @Override
    public void add(StoredSample sample, SortedMap<String, Long> counts) throws IOException {
      OptionalInt tokens = TokenColumns.of(columns).tokens();
      if (tokens.isPresent()) {
        Optional<Integer> index = sample.index(columns.get(tokens.getAsInt()).name());
        if (index.isPresent()
            && sample.value(index.get()) instanceof NdArray array
            && array.dtype().isInteger()) {
          counts.merge("tokens", (long) array.elements(), Long::sum);
        }
      }
    }
  }
}
