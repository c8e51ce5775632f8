package org.millrace.runners;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.millrace.pipelines.Datasets;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.pipelines.recipe.RecipeException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What names a recipe on a command line. */
final class RecipeOptions {

  @Parameters(
      paramLabel = "RECIPE",
      description = "A bundled recipe (millrace list shows them) or a YAML file.")
  private String recipe = "";

  @Option(
      names = "--set",
      paramLabel = "SECTION.KEY=VALUE",
      description =
          "Put a value over the recipe's; null turns a section off. May be given several times:"
              + " --set=pack.sequence_length=4096 --set=dedup=null")
  private List<String> set = new ArrayList<>();

  /** The recipe with its overrides. */
  Recipe<?> resolve() throws IOException {
    try {
      return Datasets.recipe(recipe, set);
    } catch (IllegalArgumentException e) {
      throw e instanceof RecipeException ? e : new UsageException(e.getMessage(), e);
    }
  }
}
