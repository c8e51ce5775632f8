package org.millrace.pipelines.datasets;

import org.millrace.io.column.DType;

/** A type of the ids in {@code target_index}. */
public enum TargetType {
  INT32,
  UINT16;

  /**
   * The same for files.
   *
   * @param vocabularySize that of the teacher
   * @throws IllegalArgumentException when it does not hold all ids
   */
  DType dtype(int vocabularySize) {
    DType dtype =
        switch (this) {
          case INT32 -> DType.INT32;
          case UINT16 -> DType.UINT16;
        };
    if (!dtype.holds(vocabularySize - 1)) {
      throw new IllegalArgumentException(
          "index_dtype is uint16, which does not hold all %d ids of the teacher; set it to int32"
              .formatted(vocabularySize));
    }
    return dtype;
  }
}
