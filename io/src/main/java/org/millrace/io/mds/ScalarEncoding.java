package org.millrace.io.mds;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.io.column.DType;
import org.millrace.transforms.data.Half;

/**
 * A number of a fixed size. Whole numbers that do not fit are refused, and so are finite fractions
 * too large to be finite in the column; others are rounded, ties to even.
 */
record ScalarEncoding(DType dtype) implements Encoding {

  private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(Long.SIZE);

  static Optional<Encoding> find(String name) {
    return (name.equals("int") ? Optional.of(DType.INT64) : DType.ofLabel(name))
        .map(ScalarEncoding::new);
  }

  @Override
  public OptionalInt size() {
    return OptionalInt.of(dtype.bytes());
  }

  @Override
  public Encoded encode(Object value) {
    ByteBuffer bytes = ByteBuffer.allocate(dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    switch (dtype) {
      case UINT8, INT8 -> bytes.put((byte) whole(value));
      case UINT16, INT16 -> bytes.putShort((short) whole(value));
      case UINT32, INT32 -> bytes.putInt((int) whole(value));
      case UINT64, INT64 -> bytes.putLong(whole(value));
      case FLOAT16 -> bytes.putShort(half(fraction(value)));
      case FLOAT32 -> bytes.putFloat(single(fraction(value)));
      case FLOAT64 -> bytes.putDouble(fraction(value));
    }
    return Encoded.of(bytes.flip());
  }

  private long whole(Object value) {
    if (value instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    if (!PythonJson.isWhole(value)) {
      throw Encoding.wrongType("a whole number", value);
    }
    BigInteger number = new BigInteger(value.toString());
    boolean fits =
        dtype == DType.UINT64
            ? number.signum() >= 0 && number.compareTo(TWO_64) < 0
            : number.bitLength() < Long.SIZE && dtype.holds(number.longValue());
    if (!fits) {
      throw new IllegalArgumentException(
          "expected a number of " + dtype.label() + ", got " + value);
    }
    return number.longValue();
  }

  private static double fraction(Object value) {
    if (PythonJson.isWhole(value) || value instanceof Double || value instanceof Float) {
      return ((Number) value).doubleValue();
    }
    throw Encoding.wrongType("a number", value);
  }

  private short half(double value) {
    short half = Half.of(value);
    checkFinite(value, Half.value(half));
    return half;
  }

  private float single(double value) {
    checkFinite(value, (float) value);
    return (float) value;
  }

  private void checkFinite(double value, double stored) {
    if (Double.isInfinite(stored) && !Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "expected a number of " + dtype.label() + ", got " + value);
    }
  }

  @Override
  public Object decode(ByteBuffer bytes) throws IOException {
    if (bytes.remaining() != dtype.bytes()) {
      throw new IOException("expected " + dtype.bytes() + " bytes, got " + bytes.remaining());
    }
    int at = bytes.position();
    return switch (dtype) {
      case FLOAT16 -> Half.value(bytes.getShort(at));
      case FLOAT32 -> (double) bytes.getFloat(at);
      case FLOAT64 -> bytes.getDouble(at);
      case UINT64 -> {
        long value = bytes.getLong(at);
        yield value >= 0 ? (Object) value : BigInteger.valueOf(value).add(TWO_64);
      }
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, INT64 -> dtype.get(bytes, at);
    };
  }
}
