package org.millrace.io.mds;

import java.io.Serializable;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.millrace.io.column.Column;

/**
 * A column of MDS, and where its values come from.
 *
 * <p>What a value may be, by the column's type:
 *
 * <ul>
 *   <li>{@code int} and the whole-number types: whole numbers and booleans; one that does not fit
 *       is an error
 *   <li>{@code float16}, {@code float32}, {@code float64}: numbers
 *   <li>{@code str}: a string. {@code str_int}, {@code str_float}, {@code str_decimal}: a whole
 *       number, a {@code double}, a {@code BigDecimal}; or the text of one
 *   <li>{@code json}: maps, lists, numbers, booleans, with strings and null in them; or a string
 *       that is JSON already
 *   <li>{@code ndarray}, {@code pkl}: {@link org.millrace.io.column.NdArray} or {@link
 *       org.millrace.transforms.data.TokenIds}
 *   <li>every type: {@code byte[]} or {@code ByteBuffer}, kept as it is, for the bytes of a value
 *       that is encoded already; nothing else for {@code bytes} and images
 * </ul>
 *
 * @param column its type is the encoding's name in MDS
 * @param value gives the value of a sample; none is missing, so it is never null
 */
public record MdsColumn<T>(Column column, SerializableFunction<T, Object> value)
    implements Serializable {

  public MdsColumn {
    Encoding.of(column.type());
  }
}
