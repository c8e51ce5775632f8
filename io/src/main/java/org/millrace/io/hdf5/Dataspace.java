package org.millrace.io.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The dimensions of a dataset or an attribute.
 *
 * <pre>
 * Dataspace --> Version, Rank, Flags, 0 uint8^5, Dimension^Rank, [Maximum^Rank]     little-endian
 *   Version   --> uint8 = 1; in version 2 a type (uint8) stands in the place of the zeros
 *   Rank      --> uint8: 0 for a single number
 *   Flags     --> uint8: 1 where there are maxima
 *   Dimension --> uint64      Maximum --> uint64
 * </pre>
 */
final class Dataspace {

  private static final int HAS_MAXIMA = 1;
  private static final int HEAD_BYTES = 8;
  private static final int HEAD_BYTES_2 = 4;
  private static final int NULL_TYPE = 2;

  private Dataspace() {}

  /** Dimensions that cannot grow. */
  static byte[] encode(long... dimensions) {
    ByteBuffer out =
        ByteBuffer.allocate(HEAD_BYTES + 2 * Long.BYTES * dimensions.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 1)
            .put((byte) dimensions.length)
            .put((byte) HAS_MAXIMA)
            .position(HEAD_BYTES);
    for (int twice = 0; twice < 2; twice++) {
      for (long dimension : dimensions) {
        out.putLong(dimension);
      }
    }
    return out.array();
  }

  /** The space of a single number. */
  static byte[] encodeScalar() {
    return new byte[] {1, 0, 0, 0, 0, 0, 0, 0};
  }

  /** The dimensions; none for a single number. */
  static long[] decode(FileBlock block) throws IOException {
    int version = block.uint8(0);
    if (version != 1 && version != 2) {
      throw block.unexpected(0, "version of the dataspace", "1 or 2", version);
    }
    if (version == 2 && block.uint8(3) == NULL_TYPE) {
      throw block.unexpected(3, "dataspace", "numbers", "none");
    }
    long[] dimensions = new long[block.uint8(1)];
    for (int i = 0; i < dimensions.length; i++) {
      int at = (version == 1 ? HEAD_BYTES : HEAD_BYTES_2) + i * Long.BYTES;
      dimensions[i] = block.int64(at);
      if (dimensions[i] < 0) {
        throw block.unexpected(at, "dimension " + i, "less than 2^63", "more");
      }
    }
    return dimensions;
  }
}
