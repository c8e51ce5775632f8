package org.millrace.io.convert;

import java.util.List;
import org.millrace.io.column.DType;

/** Finds the type in which a format holds what another one holds. */
final class Dtypes {

  /** All types of whole numbers, the narrower before the wider. */
  static final List<DType> ALL =
      List.of(
          DType.UINT8,
          DType.INT8,
          DType.UINT16,
          DType.INT16,
          DType.INT32,
          DType.UINT32,
          DType.INT64,
          DType.UINT64);

  private Dtypes() {}

  /** The largest number of a type of whole numbers. */
  static long max(DType dtype) {
    return switch (dtype) {
      case UINT8 -> 0xFF;
      case INT8 -> Byte.MAX_VALUE;
      case UINT16 -> 0xFFFF;
      case INT16 -> Short.MAX_VALUE;
      case UINT32 -> 0xFFFF_FFFFL;
      case INT32 -> Integer.MAX_VALUE;
      case UINT64, INT64 -> Long.MAX_VALUE;
      case FLOAT16, FLOAT32, FLOAT64 ->
          throw new IllegalArgumentException("no type of whole numbers: " + dtype.label());
    };
  }

  /**
   * The type itself, where it is among the choices, else the narrowest of them that holds its
   * values. A choice that holds every token id is enough.
   *
   * @param choices the narrower before the wider
   */
  static DType among(List<DType> choices, DType dtype) {
    if (choices.contains(dtype)) {
      return dtype;
    }
    long largest = Math.min(max(dtype), Integer.MAX_VALUE);
    return choices.stream()
        .filter(choice -> max(choice) >= largest)
        .findFirst()
        .orElse(choices.get(choices.size() - 1));
  }
}
