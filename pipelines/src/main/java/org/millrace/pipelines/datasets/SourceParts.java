package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.millrace.io.document.InputFile;
import org.millrace.io.document.InputFiles;
import org.millrace.pipelines.Job;

/** The parts of a dataset with one for each source, as a recipe may ask for. */
final class SourceParts {

  private static final String ASKED = "output.parts is source, but ";

  private SourceParts() {}

  /**
   * The names of the parts; empty where the recipe does not ask for them.
   *
   * @throws IllegalArgumentException when it cannot be known before the run which there will be
   */
  static List<String> names(PretrainRecipe recipe, Job job) throws IOException {
    switch (recipe.output().parts()) {
      case NONE -> {
        return List.of();
      }
      case SOURCE -> {}
    }
    if (recipe.output().numShards().isInputFiles()) {
      throw new IllegalArgumentException(
          ASKED + "output.num_shards is input_files; set it to a number, or output.parts to none");
    }
    ReadSettings read = recipe.read();
    if (read.sourceField().isPresent()) {
      Optional<List<String>> sources = read.sources();
      return sources.orElseThrow(
          () ->
              new IllegalArgumentException(
                  ASKED
                      + "read.source_field is "
                      + read.sourceField().get()
                      + ", whose values are not known before all is read; list them in"
                      + " read.sources"));
    }
    if (read.source().isPresent()) {
      return List.of(read.source().get());
    }
    return InputFiles.match(
            job.input(), Stages.format(recipe.read()), Stages.selector(recipe.read()))
        .files()
        .stream()
        .map(InputFile::source)
        .distinct()
        .sorted()
        .toList();
  }
}
