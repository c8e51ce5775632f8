package org.millrace.pipelines.datasets;

import java.util.Optional;
import org.millrace.io.hdf5.RowSelection;
import org.millrace.pipelines.recipe.Setting;

/** What decides the output of the {@code shuffle-rows} pipeline. */
public record ShuffleRowsRecipe(
    @Setting(doc = "Seed of the order.", defaultsTo = "0") long seed,
    @Setting(doc = "Takes files by the numbers in their names; null takes all.")
        Optional<RowSettings.FileNumbers> fileNumbers,
    @Setting(
            doc =
                "The part of each folder's rows that is taken, of its files put one behind another"
                    + " in the order of their paths.",
            defaultsTo = "0-1")
        String subset,
    @Setting(doc = "How rows are read.") RowSettings.Read read,
    @Setting(doc = "What is written.") RowSettings.Output output) {

  public ShuffleRowsRecipe {
    RowSettings.selection(fileNumbers, subset);
  }

  RowSelection selection() {
    return RowSettings.selection(fileNumbers, subset);
  }
}
