package org.millrace.io.mds;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;

/**
 * Writes a numpy array as a pickle that every numpy reads.
 *
 * <pre>
 * Pickle --> 80 03                                            protocol 3: no frames
 *            "cnumpy.core.multiarray\n_reconstruct\n" "cnumpy\nndarray\n"
 *            4b 00 85 43 01 62 87 52                          an array of shape (0,), type b'b'
 *            28 4b 01 Dimension^n, 85 | 86 | 87               state: version 1, shape
 *            "cnumpy\ndtype\n" 58 02 00 00 00 Kind 4b 00 4b 01 87 52
 *            28 4b 03 58 01 00 00 00 Order 4e 4e 4e 4a ff ff ff ff 4a ff ff ff ff 4b 00 74 62
 *            89 Data 74 62 2e                                 not in Fortran's order
 *   Dimension --> 4b uint8 | 4d uint16 | 4a int32
 *   Kind      --> "i8" and so on      Order --> "&lt;", or "|" for one byte
 *   Data      --> 43 uint8 byte^n | 42 uint32 byte^n
 * </pre>
 */
final class PickledArray {

  private static final int MAX_DIMENSIONS = 3;
  private static final ByteBuffer END = ByteBuffer.wrap(new byte[] {'t', 'b', '.'});

  private final ByteArrayOutputStream head = new ByteArrayOutputStream();

  private PickledArray() {}

  static Encoded encode(NdArray array) {
    int dimensions = array.shape().size();
    if (dimensions == 0 || dimensions > MAX_DIMENSIONS) {
      throw new IllegalArgumentException("expected 1 to 3 dimensions, got " + array.shape());
    }
    PickledArray pickle = new PickledArray();
    pickle.hex("8003").text("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n");
    pickle.hex("4b0085430162875228").hex("4b01");
    for (int dimension : array.shape()) {
      pickle.dimension(dimension);
    }
    pickle.head.write(0x84 + dimensions);
    pickle.dtype(array.dtype()).hex("89");
    ByteBuffer data = array.data();
    if (data.limit() <= 0xFF) {
      pickle.number(0x43, data.limit(), 1);
    } else {
      pickle.number(0x42, data.limit(), 4);
    }
    return new Encoded.Bytes(ByteBuffer.wrap(pickle.head.toByteArray()), data, END);
  }

  private PickledArray dtype(DType dtype) {
    String descr = dtype.descr();
    text("cnumpy\ndtype\n").hex("5802000000").text(descr.substring(1)).hex("4b004b01875228");
    hex("4b035801000000").text(descr.substring(0, 1));
    return hex("4e4e4e4affffffff4affffffff4b007462");
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

  private PickledArray text(String text) {
    head.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    return this;
  }
}
