package org.millrace.io.stored;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;

/** Tells which column holds the token ids. */
public final class TokenColumn {

  /** Names in use: ours and CEPE's, and those of Hugging Face's datasets. */
  private static final List<String> NAMES = List.of(Column.TOKENS, "token_ids", "input_ids");

  private TokenColumn() {}

  /**
   * The column of the token ids.
   *
   * @param wanted its name, where it was given
   * @param path of the shard, for the error
   * @throws IOException when there is none, or it is not clear which it is
   */
  public static Column of(List<Column> columns, Optional<String> wanted, String path)
      throws IOException {
    Optional<Column> found =
        wanted.isPresent() ? named(columns, wanted.get()) : TokenColumn.find(columns);
    if (found.isPresent()) {
      return found.get();
    }
    throw new IOException(
        path
            + ": expected token ids in a column "
            + wanted.orElse(String.join(", ", NAMES))
            + ", got the columns "
            + String.join(", ", columns.stream().map(Column::toString).toList())
            + (wanted.isPresent() ? "" : "; name the column"));
  }

  /** The column of the token ids, where it is clear which it is. */
  public static Optional<Column> find(List<Column> columns) {
    for (String name : NAMES) {
      Optional<Column> found = named(columns, name);
      if (found.isPresent()) {
        return found;
      }
    }
    List<Column> arrays = columns.stream().filter(TokenColumn::isIntegers).toList();
    return arrays.size() == 1 ? Optional.of(arrays.get(0)) : Optional.empty();
  }

  private static Optional<Column> named(List<Column> columns, String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  private static boolean isIntegers(Column column) {
    return column.dtype().map(DType::isInteger).orElse(false)
        && !column.name().equals(Column.TARGET_INDEX);
  }
}
