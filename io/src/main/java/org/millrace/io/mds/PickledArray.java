package org.millrace.io.mds;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;

/**
 * Writes a numpy array as Python does in protocol 4, byte for byte as numpy 1 in CPython, so that
 * every numpy reads it and samples have the sizes that CEPE's have.
 *
 * <pre>
 * Pickle --> 80 04 Framed^n                                   protocol 4
 *   Framed --> 95 uint64 byte^n
 * the bytes of the frames:
 *   8c 15 "numpy.core.multiarray" 94 8c 0c "_reconstruct" 94 93 94
 *   8c 05 "numpy" 94 8c 07 "ndarray" 94 93 94
 *   4b 00 85 94 43 01 62 94 87 94 52 94                       an array of shape (0,), type b'b'
 *   28 4b 01 Dimension^n, 85 | 86 | 87, 94                    state: version 1, shape
 *   68 03 8c 05 "dtype" 94 93 94 8c 02 Kind 94 89 88 87 94 52 94
 *   28 4b 03 8c 01 Order 94 4e 4e 4e 4a ff ff ff ff 4a ff ff ff ff 4b 00 74 94 62
 *   89 Data 94 74 94 62 2e                                    not in Fortran's order
 *   Dimension --> 4b uint8 | 4d uint16 | 4a int32
 *   Kind      --> "i8" and so on      Order --> "&lt;", or "|" for one byte
 *   Data      --> 43 uint8 byte^n | 42 uint32 byte^n
 * </pre>
 *
 * All is one frame, but data of 64 KiB or more stand between two.
 */
final class PickledArray {

  private static final int MAX_DIMENSIONS = 3;
  private static final int LARGE = 1 << 16;
  private static final int FRAME_HEAD = 1 + Long.BYTES;

  /** Behind the data: the memo of them, the state's tuple and its memo, the building, the end. */
  private static final byte[] END = {(byte) 0x94, 't', (byte) 0x94, 'b', '.'};

  private final ByteArrayOutputStream head = new ByteArrayOutputStream();

  private PickledArray() {}

  static Encoded encode(NdArray array) {
    int dimensions = array.shape().size();
    if (dimensions == 0 || dimensions > MAX_DIMENSIONS) {
      throw new IllegalArgumentException("expected 1 to 3 dimensions, got " + array.shape());
    }
    PickledArray pickle = new PickledArray();
    pickle.name("numpy.core.multiarray").name("_reconstruct").hex("9394");
    pickle.name("numpy").name("ndarray").hex("9394");
    pickle.hex("4b008594430162948794529428").hex("4b01");
    for (int dimension : array.shape()) {
      pickle.dimension(dimension);
    }
    pickle.head.write(0x84 + dimensions);
    pickle.hex("94").dtype(array.dtype()).hex("89");
    return framed(pickle.head.toByteArray(), array.data());
  }

  private PickledArray dtype(DType dtype) {
    String descr = dtype.descr();
    hex("6803").name("dtype").hex("9394").name(descr.substring(1));
    hex("898887945294284b03").name(descr.substring(0, 1));
    return hex("4e4e4e4affffffff4affffffff4b00749462");
  }

  private static Encoded framed(byte[] before, ByteBuffer data) {
    int size = data.limit();
    ByteBuffer sized = ByteBuffer.allocate(1 + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (size <= 0xFF) {
      sized.put((byte) 0x43).put((byte) size);
    } else {
      sized.put((byte) 0x42).putInt(size);
    }
    sized.flip();
    ByteBuffer head =
        ByteBuffer.allocate(2 + FRAME_HEAD + before.length + sized.limit())
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0x80)
            .put((byte) 4);
    ByteBuffer tail = ByteBuffer.allocate(FRAME_HEAD + END.length).order(ByteOrder.LITTLE_ENDIAN);
    if (size < LARGE) {
      frame(head, before.length + sized.limit() + size + END.length);
    } else {
      frame(head, before.length);
      frame(tail, END.length);
    }
    return new Encoded.Bytes(head.put(before).put(sized).flip(), data, tail.put(END).flip());
  }

  private static void frame(ByteBuffer target, int bytes) {
    target.put((byte) 0x95).putLong(bytes);
  }

  private void dimension(int dimension) {
    if (dimension <= 0xFF) {
      number(0x4b, dimension, 1);
    } else if (dimension <= 0xFFFF) {
      number(0x4d, dimension, 2);
    } else {
      number(0x4a, dimension, 4);
    }
  }

  private void number(int opcode, int value, int bytes) {
    head.write(opcode);
    byte[] number =
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    head.write(number, 0, bytes);
  }

  private PickledArray hex(String hex) {
    head.writeBytes(HexFormat.of().parseHex(hex));
    return this;
  }

  /** A short string, and its memo. */
  private PickledArray name(String text) {
    head.write(0x8c);
    head.write(text.length());
    head.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    return hex("94");
  }
}
