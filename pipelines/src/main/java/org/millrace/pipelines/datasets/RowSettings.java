package org.millrace.pipelines.datasets;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.io.file.NumberSelector;
import org.millrace.io.hdf5.RowSelection;
import org.millrace.pipelines.recipe.Setting;

/** Sections that the recipes of pipelines over finished rows have in common. */
public final class RowSettings {

  private static final Pattern SUBSET =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)-([0-9]+(?:\\.[0-9]+)?)");

  private RowSettings() {}

  /** How rows are read. */
  public record Read(
      @Setting(
              doc =
                  "Whether each row is inflated, which checks its Adler-32; else its place, its size"
                      + " and the head of its zlib stream are checked.",
              defaultsTo = "false")
          boolean check,
      @Setting(
              doc =
                  "What moves between reading and writing: places alone, of which the rows are read"
                      + " when they are written, one here and one there; or rows, which are read"
                      + " file by file. auto is places for local files, else rows.",
              defaultsTo = "auto")
          Moves moves) {}

  /** What moves between reading and writing. */
  public enum Moves {
    AUTO,
    PLACES,
    ROWS
  }

  /** Which files are taken, by the numbers in their names. */
  public record Select(
      @Setting(doc = "How many parts there are.", min = 1, max = 1 << 20) int modulus,
      @Setting(
              doc = "Which of them is taken: files with number mod modulus == remainder.",
              min = 0,
              max = (1 << 20) - 1)
          int remainder) {

    public Select {
      new NumberSelector(modulus, remainder);
    }

    NumberSelector selector() {
      return new NumberSelector(modulus, remainder);
    }
  }

  /** How rows are written. */
  public record Output(
      @Setting(
              doc = "How many shards; their concatenation does not depend on it.",
              defaultsTo = "8",
              min = 1,
              max = 100_000)
          int numShards,
      @Setting(doc = "How hdf5 is written.") Hdf5 hdf5) {}

  /** How hdf5 is written. */
  public record Hdf5(
      @Setting(
              doc =
                  "How files are called: data-00007.h5, or examples_0_7.h5 by part and shard; both"
                      + " are names of Cerebras' tools.",
              defaultsTo = "data")
          OutputSettings.Hdf5Naming naming,
      @Setting(
              doc =
                  "How hard those rows are compressed that were not stored as one deflated chunk"
                      + " each; all others stay as they are.",
              defaultsTo = "4",
              min = 1,
              max = 9)
          int gzipLevel,
      @Setting(
              doc = "The most rows of a file; null makes one file of each shard.",
              min = 1,
              max = 1 << 30)
          Optional<Integer> rowsPerFile) {}

  /**
   * Which rows of a source are wanted.
   *
   * @param subset a part of all rows, as 0.0-0.1; as the {@code data_subset} of Cerebras' readers
   */
  static RowSelection selection(Optional<Select> select, String subset) {
    Matcher parts = SUBSET.matcher(subset);
    checkArgument(
        parts.matches(),
        "subset must be two parts of 1 with a dash between, as 0.0-0.1, was %s",
        subset);
    return new RowSelection(
        select.map(Select::selector),
        new BigDecimal(parts.group(1)),
        new BigDecimal(parts.group(2)));
  }
}
