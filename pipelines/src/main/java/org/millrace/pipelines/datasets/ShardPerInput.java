package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.millrace.io.document.InputFiles;
import org.millrace.io.document.InputNames;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.datasets.PretrainRecipe.Pack;
import org.millrace.pipelines.datasets.PretrainRecipe.Shuffle;

/** Whether each input file can be a shard of its own, as a recipe may ask for. */
final class ShardPerInput {

  private static final int MAX_SHARDS = 100_000;

  private static final String ASKED = "output.num_shards is input_files, but ";

  private ShardPerInput() {}

  /**
   * The names of the shards; empty where the recipe does not ask for them.
   *
   * @throws IllegalArgumentException when samples of one file would not stay together, there are
   *     too many files, or two would have one name
   */
  static Optional<InputNames> names(PretrainRecipe recipe, Job job) throws IOException {
    if (!recipe.output().numShards().isInputFiles()) {
      return Optional.empty();
    }
    Optional<Shuffle> shuffle = recipe.shuffle();
    if (shuffle.isPresent() && (shuffle.get().documents() || shuffle.get().sequences())) {
      throw new IllegalArgumentException(
          ASKED
              + (shuffle.get().documents() ? "shuffle.documents" : "shuffle.sequences")
              + " mixes the files; set shuffle to null, or output.num_shards to a number");
    }
    InputFiles files = InputFiles.match(job.input(), Stages.format(recipe.read()), Stages.selector(recipe.read()));
    int count = files.files().size();
    if (count > MAX_SHARDS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%sthe input has %d files, and there are at most %d shards; give fewer files, or set"
                  + " output.num_shards to a number",
              ASKED,
              count,
              MAX_SHARDS));
    }
    checkPack(recipe.pack(), count);
    return Optional.of(files.names());
  }

  /** As many packing buckets as files: then each file is a bucket, by the order of its key. */
  private static void checkPack(Optional<Pack> pack, int files) {
    if (pack.isPresent() && pack.get().buckets() != files) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%spack joins documents of several files in %d buckets; set pack to null, or"
                  + " pack.buckets to %d, the number of input files",
              ASKED,
              pack.get().buckets(),
              files));
    }
  }
}
