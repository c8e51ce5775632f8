package org.millrace.pipelines.datasets;

import java.util.Optional;
import org.millrace.io.hdf5.RowSelection;
import org.millrace.pipelines.recipe.Setting;

/** What decides the output of the {@code shuffle-rows} pipeline. */
public record ShuffleRowsRecipe(
    @Setting(doc = "Seed of the order.", defaultsTo = "0") long seed,
    @Setting(doc = "Which rows are read, and how.") Read read,
    @Setting(doc = "What is written.") RowSettings.Output output) {

  /** Which rows are read, and how. */
  public record Read(
      @Setting(doc = "Takes only files whose number has a remainder; null takes all.")
          Optional<RowSettings.Select> select,
      @Setting(
              doc =
                  "The part of each folder's rows that is taken, of its files put one behind another"
                      + " in the order of their paths.",
              defaultsTo = "0-1")
          String subset,
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
          RowSettings.Moves moves) {

    public Read {
      RowSettings.selection(select, subset);
    }

    RowSelection selection() {
      return RowSettings.selection(select, subset);
    }
  }
}
