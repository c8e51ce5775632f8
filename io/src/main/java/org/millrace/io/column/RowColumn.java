package org.millrace.io.column;

import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.transforms.SerializableFunction;

/**
 * An array that every row has beside its tokens, of one type and shape; said once, for all formats
 * that can hold it.
 *
 * @param column its name, type and shape
 * @param value gives that of a row
 */
public record RowColumn(Column column, SerializableFunction<TokenRow, NdArray> value)
    implements Serializable {

  /** The array of a row, which must be as the column says. */
  public NdArray of(TokenRow row) {
    NdArray array = value.apply(row);
    if (array.dtype() != dtype() || !array.shape().equals(shape())) {
      throw new IllegalArgumentException(
          row.id()
              + ": column "
              + column
              + ": got "
              + array.shape()
              + " of "
              + array.dtype().label());
    }
    return array;
  }

  /** The type of its elements. */
  public DType dtype() {
    return column.dtype().orElseThrow();
  }

  /** Its dimensions in a row. */
  public List<Integer> shape() {
    return column.shape().orElseThrow();
  }

  /** The size of a row's array. */
  public int bytes() {
    return shape().stream().reduce(dtype().bytes(), Math::multiplyExact);
  }
}
