package org.millrace.io.hdf5;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import org.millrace.io.file.NumberSelector;

/**
 * Which rows of a source are wanted: of the files that are selected, put one behind another in the
 * order of their paths, those from one part of all to another.
 *
 * @param numbers selects files; empty takes all
 * @param from the part at which the first row is, 0 to 1: row {@code floor(rows * from)}
 * @param to the part before which the last row is
 */
public record RowSelection(Optional<NumberSelector> numbers, BigDecimal from, BigDecimal to) {

  /** All rows. */
  public static final RowSelection ALL =
      new RowSelection(Optional.empty(), BigDecimal.ZERO, BigDecimal.ONE);

  public RowSelection {
    checkArgument(
        from.signum() >= 0 && from.compareTo(to) <= 0 && to.compareTo(BigDecimal.ONE) <= 0,
        "a subset must be 0 <= from <= to <= 1, was %s to %s",
        from,
        to);
  }

  boolean selects(String path) {
    return numbers.map(selector -> selector.selects(path)).orElse(true);
  }

  /** The first of so many rows that is wanted. */
  long first(long rows) {
    return part(rows, from);
  }

  /** The row behind the last one that is wanted. */
  long end(long rows) {
    return part(rows, to);
  }

  private static long part(long rows, BigDecimal share) {
    return share
        .multiply(BigDecimal.valueOf(rows))
        .setScale(0, RoundingMode.FLOOR)
        .longValueExact();
  }
}
