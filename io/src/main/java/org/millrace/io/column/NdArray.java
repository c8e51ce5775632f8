package org.millrace.io.column;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.millrace.transforms.data.TokenIds;

/**
 * An array of numbers, row after row.
 *
 * @param dtype the type of its elements
 * @param shape its dimensions
 * @param data its elements, little-endian, from the buffer's position to its limit
 */
public record NdArray(DType dtype, List<Integer> shape, ByteBuffer data) {

  public NdArray {
    shape = List.copyOf(shape);
    data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
    long elements = shape.stream().mapToLong(i -> i).reduce(1, Math::multiplyExact);
    checkArgument(
        elements * dtype.bytes() == data.limit(),
        "%s of %s has %s bytes, not %s",
        shape,
        dtype.label(),
        elements * dtype.bytes(),
        data.limit());
  }

  /** An array of one dimension. */
  public static NdArray of(DType dtype, TokenIds ids) {
    ByteBuffer data = ByteBuffer.allocate(ids.length() * dtype.bytes());
    dtype.put(ids, data.order(ByteOrder.LITTLE_ENDIAN));
    return new NdArray(dtype, List.of(ids.length()), data.flip());
  }

  /** The number of elements. */
  public int elements() {
    return data.limit() / dtype.bytes();
  }

  /**
   * The elements as token ids.
   *
   * @param where says whose they are, in an error
   * @throws IOException when there are fractions, or numbers that no token id can be
   */
  public TokenIds ids(String where) throws IOException {
    if (!dtype.isInteger() || shape.size() != 1) {
      throw new IOException(
          where
              + ": expected token ids, [n] of whole numbers; got "
              + shape
              + " of "
              + dtype.label());
    }
    int[] ids = new int[elements()];
    if (dtype == DType.UINT16) {
      // The most common type by far, and nothing can be wrong with it.
      for (int i = 0; i < ids.length; i++) {
        ids[i] = data.getShort(i * Short.BYTES) & 0xFFFF;
      }
      return TokenIds.wrap(ids);
    }
    for (int i = 0; i < ids.length; i++) {
      long id = dtype.get(data, i * dtype.bytes());
      if (id < 0 || id > Integer.MAX_VALUE) {
        throw new IOException(
            where + ": id " + i + ": expected 0.." + Integer.MAX_VALUE + ", got " + id);
      }
      ids[i] = (int) id;
    }
    return TokenIds.wrap(ids);
  }
}
