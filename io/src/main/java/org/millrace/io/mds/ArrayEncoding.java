package org.millrace.io.mds;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;
import org.millrace.transforms.data.TokenIds;

/**
 * Arrays of numbers; what the column says is not repeated in the value.
 *
 * <pre>
 * "ndarray"           --> Code, Axes, Values
 * "ndarray:int32"     --> Axes, Values
 * "ndarray:int32:2,3" --> Values
 *   Code   --> uint8: 8 uint8, 9 int8, 16 uint16, 17 int16, 18 float16, 32 uint32, 33 int32,
 *                     34 float32, 64 uint64, 65 int64, 66 float64
 *   Axes   --> uint8 (dimensions &lt;&lt; 2 | w), then each dimension in 2^w bytes, w the smallest for all
 *   Values --> row after row                                                    all little-endian
 * </pre>
 *
 * <p>An array without elements cannot be stored, nor one without dimensions.
 *
 * @param dtype of all values; empty where each says its own
 * @param shape of all values; empty where each says its own
 */
record ArrayEncoding(Optional<DType> dtype, Optional<List<Integer>> shape) implements Encoding {

  private static final int MAX_DIMENSIONS = 63; // six bits

  private static final Pattern NAME = Pattern.compile("ndarray(:[a-z0-9]+)?(:[0-9]+(?:,[0-9]+)*)?");

  static ArrayEncoding parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches() || (matcher.group(1) == null && matcher.group(2) != null)) {
      throw new IllegalArgumentException("expected ndarray:dtype:shape, got " + name);
    }
    Optional<DType> dtype =
        Optional.ofNullable(matcher.group(1)).flatMap(label -> DType.ofLabel(label.substring(1)));
    if (matcher.group(1) != null && dtype.isEmpty()) {
      throw new IllegalArgumentException("expected an array of numbers, got " + name);
    }
    if (matcher.group(2) == null) {
      return new ArrayEncoding(dtype, Optional.empty());
    }
    try {
      List<Integer> shape =
          Stream.of(matcher.group(2).substring(1).split(",")).map(Integer::valueOf).toList();
      int bytes = shape.stream().reduce(dtype.orElseThrow().bytes(), Math::multiplyExact);
      if (bytes > 0 && shape.size() <= MAX_DIMENSIONS) {
        return new ArrayEncoding(dtype, Optional.of(shape));
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException("expected a shape of up to 2 GiB, got " + name, e);
    }
    throw new IllegalArgumentException("expected 1 to 63 dimensions of 1 or more, got " + name);
  }

  @Override
  public OptionalInt size() {
    return shape.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(shape.get().stream().reduce(dtype.orElseThrow().bytes(), (a, b) -> a * b));
  }

  @Override
  public Encoded encode(Object value) {
    if (value instanceof TokenIds ids) {
      DType stored = dtype.orElse(ids.max() <= 0xFFFF ? DType.UINT16 : DType.UINT32);
      if (!ids.isEmpty() && !stored.holds(ids.max())) {
        throw new IllegalArgumentException(
            "expected ids of " + stored.label() + ", got " + ids.max());
      }
      return new Encoded.Ids(head(stored, List.of(ids.length())), ids, stored);
    }
    if (value instanceof NdArray array) {
      ByteBuffer head = head(array.dtype(), array.shape());
      return new Encoded.Bytes(head, array.data(), Encoded.NOTHING);
    }
    throw Encoding.wrongType("an array", value);
  }

  private ByteBuffer head(DType stored, List<Integer> dimensions) {
    if (dtype.isPresent() && dtype.get() != stored) {
      throw new IllegalArgumentException(
          "expected an array of " + dtype.get().label() + ", got " + stored.label());
    }
    if (dimensions.isEmpty() || dimensions.size() > MAX_DIMENSIONS || dimensions.contains(0)) {
      throw new IllegalArgumentException(
          "expected 1 to 63 dimensions of 1 or more, as MDS can store, got " + dimensions);
    }
    if (shape.isPresent()) {
      if (!shape.get().equals(dimensions)) {
        throw new IllegalArgumentException(
            "expected an array of shape " + shape.get() + ", got " + dimensions);
      }
      return Encoded.NOTHING;
    }
    int largest = dimensions.stream().mapToInt(i -> i).max().orElseThrow();
    int w = largest <= 0xFF ? 0 : largest <= 0xFFFF ? 1 : 2;
    ByteBuffer head =
        ByteBuffer.allocate(2 + (dimensions.size() << w)).order(ByteOrder.LITTLE_ENDIAN);
    if (dtype.isEmpty()) {
      head.put((byte) code(stored));
    }
    head.put((byte) (dimensions.size() << 2 | w));
    for (int dimension : dimensions) {
      switch (w) {
        case 0 -> head.put((byte) dimension);
        case 1 -> head.putShort((short) dimension);
        default -> head.putInt(dimension);
      }
    }
    return head.flip();
  }

  // streaming, encodings.py, NDArray._int2value_dtype: 8 * bytes, plus 0 unsigned, 1 signed, 2
  // float
  private static int code(DType dtype) {
    int kind = !dtype.isInteger() ? 2 : dtype.holds(-1) ? 1 : 0;
    return 8 * dtype.bytes() + kind;
  }

  @Override
  public NdArray decode(ByteBuffer value) throws IOException {
    ByteBuffer bytes = value.slice().order(ByteOrder.LITTLE_ENDIAN);
    DType stored = dtype.isPresent() ? dtype.get() : readDType(bytes);
    List<Integer> dimensions = shape.isPresent() ? shape.get() : readShape(bytes);
    long expected = stored.bytes();
    for (int dimension : dimensions) {
      expected *= dimension;
      if (dimension <= 0 || expected > bytes.remaining()) {
        break;
      }
    }
    if (expected <= 0 || expected != bytes.remaining()) {
      throw new IOException(
          "expected the values of "
              + dimensions
              + " of "
              + stored.label()
              + ", got "
              + bytes.remaining()
              + " bytes");
    }
    return new NdArray(stored, dimensions, bytes);
  }

  private static DType readDType(ByteBuffer bytes) throws IOException {
    int code = bytes.hasRemaining() ? bytes.get() & 0xFF : -1;
    for (DType dtype : DType.values()) {
      if (code(dtype) == code) {
        return dtype;
      }
    }
    throw new IOException("expected the code of a dtype, got " + code);
  }

  private static List<Integer> readShape(ByteBuffer bytes) throws IOException {
    int axes = bytes.hasRemaining() ? bytes.get() & 0xFF : 0;
    int count = axes >> 2;
    int w = axes & 3;
    if (count == 0 || count << w > bytes.remaining()) {
      throw new IOException(
          "expected 1 to 63 dimensions, got " + count + " in " + bytes.remaining() + " bytes");
    }
    List<Integer> shape = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long dimension =
          switch (w) {
            case 0 -> bytes.get() & 0xFF;
            case 1 -> bytes.getShort() & 0xFFFF;
            case 2 -> bytes.getInt() & 0xFFFF_FFFFL;
            default -> bytes.getLong();
          };
      if (dimension <= 0 || dimension > Integer.MAX_VALUE) {
        throw new IOException(
            "dimension "
                + i
                + ": expected 1.."
                + Integer.MAX_VALUE
                + ", got "
                + Long.toUnsignedString(dimension));
      }
      shape.add((int) dimension);
    }
    return shape;
  }
}
