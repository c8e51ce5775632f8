package org.millrace.io.mds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;

/**
 * Which columns hold token ids.
 *
 * @param tokens the ids of a sample: the column of one of the names in use for it, or else the only
 *     array of whole numbers
 * @param others more ids, of the same vocabulary
 */
record TokenColumns(OptionalInt tokens, List<Integer> others) {

  // Ours and llm-foundry's; CEPE's; the transformers library's.
  private static final List<String> NAMES = List.of(Column.TOKENS, Column.TOKEN_IDS, "input_ids");

  static TokenColumns of(List<Column> columns) {
    List<Integer> others = new ArrayList<>();
    named(columns, Column.PREVIOUS_TOKENS).ifPresent(others::add);
    named(columns, Column.LABELS).ifPresent(others::add);
    for (String name : NAMES) {
      OptionalInt found = named(columns, name);
      if (found.isPresent()) {
        return new TokenColumns(found, others);
      }
    }
    int[] arrays =
        IntStream.range(0, columns.size()).filter(i -> isWholeArray(columns.get(i))).toArray();
    return arrays.length == 1
        ? new TokenColumns(OptionalInt.of(arrays[0]), List.of())
        : new TokenColumns(OptionalInt.empty(), List.of());
  }

  private static OptionalInt named(List<Column> columns, String name) {
    return IntStream.range(0, columns.size())
        .filter(i -> columns.get(i).name().equals(name))
        .findFirst();
  }

  private static boolean isWholeArray(Column column) {
    Optional<DType> dtype = column.dtype();
    return dtype.isPresent()
        && dtype.get().isInteger()
        && !column.name().equals(Column.TARGET_INDEX);
  }
}
