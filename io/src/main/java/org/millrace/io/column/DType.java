package org.millrace.io.column;

import java.nio.ByteBuffer;
import org.millrace.transforms.data.TokenIds;

/** The type of an array's elements, little-endian. */
public enum DType {
  /** Unsigned, 2 bytes. */
  UINT16("uint16", "<u2", 2, 0xFFFF),
  /** Signed, 4 bytes. */
  INT32("int32", "<i4", 4, Integer.MAX_VALUE),
  /** Signed, 8 bytes. */
  INT64("int64", "<i8", 8, Long.MAX_VALUE);

  private final String label;
  private final String descr;
  private final int bytes;
  private final long max;

  DType(String label, String descr, int bytes, long max) {
    this.label = label;
    this.descr = descr;
    this.bytes = bytes;
    this.max = max;
  }

  /**
   * The narrowest type for token ids below {@code vocabularySize}: uint16 up to 65,536 of them,
   * else int32.
   */
  public static DType forVocabulary(int vocabularySize) {
    return vocabularySize - 1 <= UINT16.max ? UINT16 : INT32;
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

  /** Appends ids, which must fit, to a little-endian buffer. */
  public void put(TokenIds ids, ByteBuffer target) {
    switch (this) {
      case UINT16 -> ids.putShorts(target);
      case INT32 -> ids.putInts(target);
      case INT64 -> {
        for (int i = 0; i < ids.length(); i++) {
          target.putLong(ids.get(i));
        }
      }
    }
  }

  /** The element at byte {@code at} of a little-endian buffer. */
  public long get(ByteBuffer source, int at) {
    return switch (this) {
      case UINT16 -> source.getShort(at) & 0xFFFF;
      case INT32 -> source.getInt(at);
      case INT64 -> source.getLong(at);
    };
  }
}
