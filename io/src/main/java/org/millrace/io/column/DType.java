package org.millrace.io.column;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.millrace.transforms.data.TokenIds;

/**
 * The type of an array's elements: the number types of numpy that the formats share. In files they
 * are little-endian.
 */
public enum DType {
  /** Unsigned, 1 byte. */
  UINT8("uint8", "|u1", 1, 0, 0xFF),
  /** Signed, 1 byte. */
  INT8("int8", "|i1", 1, Byte.MIN_VALUE, Byte.MAX_VALUE),
  /** Unsigned, 2 bytes. */
  UINT16("uint16", "<u2", 2, 0, 0xFFFF),
  /** Signed, 2 bytes. */
  INT16("int16", "<i2", 2, Short.MIN_VALUE, Short.MAX_VALUE),
  /** Unsigned, 4 bytes. */
  UINT32("uint32", "<u4", 4, 0, 0xFFFF_FFFFL),
  /** Signed, 4 bytes. */
  INT32("int32", "<i4", 4, Integer.MIN_VALUE, Integer.MAX_VALUE),
  /** Unsigned, 8 bytes. As a {@code long}, values from 2^63 on are negative. */
  UINT64("uint64", "<u8", 8, 0, Long.MAX_VALUE),
  /** Signed, 8 bytes. */
  INT64("int64", "<i8", 8, Long.MIN_VALUE, Long.MAX_VALUE),
  /** IEEE 754 half precision, 2 bytes. */
  FLOAT16("float16", "<f2", 2, 0, -1),
  /** IEEE 754 single precision, 4 bytes. */
  FLOAT32("float32", "<f4", 4, 0, -1),
  /** IEEE 754 double precision, 8 bytes. */
  FLOAT64("float64", "<f8", 8, 0, -1);

  private final String label;
  private final String descr;
  private final int bytes;
  private final long min;
  private final long max;

  DType(String label, String descr, int bytes, long min, long max) {
    this.label = label;
    this.descr = descr;
    this.bytes = bytes;
    this.min = min;
    this.max = max;
  }

  /**
   * The narrowest type for token ids below {@code vocabularySize}: uint16 up to 65,536 of them,
   * else int32.
   */
  public static DType forVocabulary(int vocabularySize) {
    return vocabularySize - 1 <= UINT16.max ? UINT16 : INT32;
  }

  /** The type with a {@link #label}. */
  public static Optional<DType> ofLabel(String label) {
    return Arrays.stream(values()).filter(dtype -> dtype.label.equals(label)).findFirst();
  }

  /** The type with a {@link #descr}. */
  public static Optional<DType> ofDescr(String descr) {
    return Arrays.stream(values()).filter(dtype -> dtype.descr.equals(descr)).findFirst();
  }

  /** The type's name in numpy, as "uint16". */
  public String label() {
    return label;
  }

  /** The type's code in numpy's array protocol, as "&lt;u2". */
  public String descr() {
    return descr;
  }

  /** The size of an element. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements are whole numbers. */
  public boolean isInteger() {
    return min <= max;
  }

  /** Whether a whole number fits. False for the floating types. */
  public boolean holds(long value) {
    return min <= value && value <= max;
  }

  /** Appends ids, which must fit, to a little-endian buffer. Whole-number types only. */
  public void put(TokenIds ids, ByteBuffer target) {
    switch (this) {
      case UINT16, INT16 -> ids.putShorts(target);
      case INT32, UINT32 -> ids.putInts(target);
      case INT64, UINT64 -> ids.putLongs(target);
      case UINT8, INT8 -> ids.putBytes(target);
      case FLOAT16, FLOAT32, FLOAT64 -> throw new IllegalStateException("ids are no " + label);
    }
  }

  /** The whole number at byte {@code at} of a little-endian buffer. Whole-number types only. */
  public long get(ByteBuffer source, int at) {
    return switch (this) {
      case UINT8 -> source.get(at) & 0xFF;
      case INT8 -> source.get(at);
      case UINT16 -> source.getShort(at) & 0xFFFF;
      case INT16 -> source.getShort(at);
      case UINT32 -> source.getInt(at) & 0xFFFF_FFFFL;
      case INT32 -> source.getInt(at);
      case UINT64, INT64 -> source.getLong(at);
      case FLOAT16, FLOAT32, FLOAT64 ->
          throw new IllegalStateException("no whole number: " + label);
    };
  }
}
