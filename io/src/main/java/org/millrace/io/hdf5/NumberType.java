package org.millrace.io.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.millrace.io.column.DType;

/**
 * The datatype of whole numbers, and of half precision, little-endian.
 *
 * <pre>
 * Datatype --> Class, Bits, 0 uint8^2, Size, BitOffset, Precision        little-endian
 *   Class     --> uint8: 0 (fixed point), plus 16 times the version
 *   Bits      --> uint8: 0x08 where signed, 0x01 where big-endian
 *   Size      --> uint32: in bytes
 *   BitOffset --> uint16 = 0      Precision --> uint16: all bits
 * </pre>
 */
final class NumberType {

  private static final int BYTES = 12;
  private static final int VERSION_1 = 0x10;
  private static final int BIG_ENDIAN = 0x01;
  private static final int SIGNED = 0x08;

  private NumberType() {}

  /**
   * IEEE half precision, class 1 (floating point): the class, bits and properties that h5py gives
   * numpy's float16.
   */
  private static final byte[] HALF = {
    VERSION_1 | 1, 0x20, 15, 0, 2, 0, 0, 0, 0, 0, 16, 0, 10, 5, 0, 10, 15, 0, 0, 0
  };

  static byte[] encode(DType dtype) {
    if (dtype == DType.FLOAT16) {
      return HALF.clone();
    }
    if (!dtype.isInteger()) {
      throw new IllegalArgumentException("only whole numbers can be written, not " + dtype);
    }
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) VERSION_1)
        .put((byte) (dtype.holds(-1) ? SIGNED : 0))
        .putShort((short) 0)
        .putInt(dtype.bytes())
        .putShort((short) 0)
        .putShort((short) (Byte.SIZE * dtype.bytes()))
        .array();
  }

  /**
   * The type that a datatype is.
   *
   * @throws IOException where it is not of little-endian whole numbers
   */
  static DType decode(FileBlock block) throws IOException {
    boolean half = block.length() >= HALF.length;
    if (half && block.data().slice(0, HALF.length).equals(ByteBuffer.wrap(HALF))) {
      return DType.FLOAT16;
    }
    int kind = block.uint8(0) & 0x0F;
    int bits = block.uint8(1);
    if (kind != 0 || (bits & BIG_ENDIAN) != 0) {
      String got = kind == 0 ? "big-endian ones" : "class " + kind;
      throw block.unexpected(0, "datatype", "little-endian whole numbers (class 0)", got);
    }
    long size = block.uint32(4);
    boolean whole = block.uint16(8) == 0 && block.uint16(10) == Byte.SIZE * size;
    boolean signed = (bits & SIGNED) != 0;
    return Arrays.stream(DType.values())
        .filter(type -> whole && type.isInteger() && type.bytes() == size)
        .filter(type -> type.holds(-1) == signed)
        .findFirst()
        .orElseThrow(() -> block.unexpected(4, "size", "1, 2, 4 or 8 bytes, no bit unused", size));
  }
}
