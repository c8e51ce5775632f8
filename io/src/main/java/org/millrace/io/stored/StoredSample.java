package org.millrace.io.stored;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.millrace.io.column.Column;
import org.millrace.io.column.NdArray;
import org.millrace.transforms.data.TokenIds;

/** A sample as it was read from a shard: a value for each column. */
public interface StoredSample {

  /** The columns of the shard. */
  List<Column> columns();

  /**
   * The value of a column: {@link NdArray} for arrays and pickled arrays, a list of them for
   * pickled lists, {@link String} for text, JSON and numbers that are kept as text, {@link Long},
   * {@link java.math.BigInteger} or {@link Double} for numbers, {@code byte[]} for everything else.
   *
   * @param column its index in {@link #columns}
   * @throws IOException when it is damaged
   */
  Object value(int column) throws IOException;

  /** The value as its file has it, for formats that encode the value of each column apart. */
  default Optional<ByteBuffer> encoded(int column) {
    return Optional.empty();
  }

  /** The index of a column by its name. */
  default Optional<Integer> index(String column) {
    for (int i = 0; i < columns().size(); i++) {
      if (columns().get(i).name().equals(column)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /**
   * The token ids in a column.
   *
   * @param where says whose they are, in an error
   * @throws IOException when there is no such column, or no token ids are in it
   */
  default TokenIds ids(String column, String where) throws IOException {
    Optional<Integer> index = index(column);
    if (index.isEmpty()) {
      throw new IOException(
          where + ": expected a column " + column + ", got the columns " + columns());
    }
    if (!(value(index.get()) instanceof NdArray array)) {
      throw new IOException(
          where + ": column " + column + ": expected token ids, got " + columns().get(index.get()));
    }
    return array.ids(where + ": column " + column);
  }
}
