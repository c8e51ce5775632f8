package org.millrace.runners;

import java.util.ArrayList;
import java.util.List;

/** Lines up cells in columns: numbers to the right, all else to the left. */
final class TextTable {

  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  private TextTable() {}

  /** A table with these headings. */
  static TextTable of(String... headings) {
    return new TextTable().row((Object[]) headings);
  }

  /** Adds a row; numbers are shown with thousands apart. */
  TextTable row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(
          cell instanceof Number number
              ? Amounts.count(number.longValue())
              : PlainText.of(cell.toString()));
    }
    rows.add(List.copyOf(row));
    return this;
  }

  /** The lines, each with its end. */
  String text() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < rows.get(r).size(); c++) {
        String cell = rows.get(r).get(c);
        String fill = " ".repeat(width(c) - cell.codePointCount(0, cell.length()));
        line.append(c == 0 ? "" : GAP);
        line.append(isNumeric(c) ? fill + cell : cell + (c + 1 < columns ? fill : ""));
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream()
        .filter(row -> column < row.size())
        .mapToInt(row -> row.get(column).codePointCount(0, row.get(column).length()))
        .max()
        .orElse(0);
  }

  /** Whether every cell below the heading begins with a digit, or is empty. */
  private boolean isNumeric(int column) {
    return rows.size() > 1
        && rows.stream()
            .skip(1)
            .filter(row -> column < row.size())
            .allMatch(row -> row.get(column).matches("([0-9][0-9,.]*( ?[A-Za-z/%]+)?)?"));
  }
}
