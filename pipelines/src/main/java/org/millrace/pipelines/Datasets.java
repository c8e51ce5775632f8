package org.millrace.pipelines;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millrace.pipelines.datasets.CepeLogits;
import org.millrace.pipelines.datasets.CepeSampleAb;
import org.millrace.pipelines.datasets.CepeSampleConcat;
import org.millrace.pipelines.datasets.CepeTokenize;
import org.millrace.pipelines.datasets.Mix;
import org.millrace.pipelines.datasets.Pretrain;
import org.millrace.pipelines.datasets.ShuffleRows;
import org.millrace.pipelines.recipe.Nearest;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.pipelines.recipe.RecipeReader;

/** The catalogue: the dataset pipelines there are, and the recipes bundled for them. */
public final class Datasets {

  /** Names of the bundled recipes; each is a resource {@code recipes/NAME.yaml}. */
  private static final List<String> BUNDLED =
      List.of(
          "quickstart",
          "pretrain",
          "cepe-tokenize",
          "cepe-sample-ab",
          "cepe-sample-concat",
          "cepe-logits",
          "crystalcoder-slimpajama",
          "crystalcoder-starcoder",
          "crystalcoder-stage3",
          "crystalcoder-stage1-mix",
          "crystalcoder-stage2-mix",
          "crystalcoder-stage3-mix",
          "shuffle-rows");

  /** A recipe is a page of text: more is some other file. */
  private static final int RECIPE_LIMIT = 1 << 20;

  private static final List<DatasetPipeline<?>> PIPELINES =
      List.of(
          new Pretrain(),
          new CepeTokenize(),
          new CepeSampleAb(),
          new CepeSampleConcat(),
          new CepeLogits(),
          new ShuffleRows(),
          new Mix());

  private static final RecipeReader READER = RecipeReader.of(settings());

  private Datasets() {}

  /** The names of the bundled recipes. */
  public static List<String> bundledRecipes() {
    return BUNDLED;
  }

  /**
   * A recipe with all its defaults filled in.
   *
   * @param nameOrFile a bundled recipe's name, or a local YAML file
   * @param overrides {@code section.key=value}, in their order
   * @throws IllegalArgumentException when there is no such recipe, or something is wrong with it
   * @throws IOException when the file cannot be read
   */
  public static Recipe<?> recipe(String nameOrFile, List<String> overrides) throws IOException {
    if (BUNDLED.contains(nameOrFile)) {
      return READER.read(nameOrFile, nameOrFile + ".yaml", bundled(nameOrFile), overrides);
    }
    Path file = Path.of(nameOrFile);
    if (Files.isRegularFile(file)) {
      return READER.read(nameOrFile, nameOrFile, text(file), overrides);
    }
    Optional<String> near = Nearest.to(nameOrFile, BUNDLED);
    throw new IllegalArgumentException(
        String.format(
            "there is no recipe %s%s; bundled recipes are %s, anything else must be a YAML file",
            nameOrFile,
            near.map(name -> "; did you mean " + name + "?").orElse(""),
            String.join(", ", BUNDLED)));
  }

  /**
   * Checks a recipe and a job against each other, before any work.
   *
   * @throws IllegalArgumentException when they do not fit, with what to change
   * @throws IOException when a file that the pipeline needs, as the tokenizer, cannot be read
   */
  public static DatasetPlan plan(Recipe<?> recipe, Job job) throws IOException {
    return plan(pipeline(recipe), recipe, job);
  }

  /** The places that a run by a recipe must be told of. */
  public static Set<Place> needs(Recipe<?> recipe) {
    return pipeline(recipe).needs();
  }

  /** The places that a run by a recipe may be told of besides. */
  public static Set<Place> takes(Recipe<?> recipe) {
    return pipeline(recipe).takes();
  }

  private static DatasetPipeline<?> pipeline(Recipe<?> recipe) {
    return PIPELINES.stream()
        .filter(known -> known.name().equals(recipe.pipeline()))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("there is no pipeline " + recipe.pipeline()));
  }

  private static <S extends Record> DatasetPlan plan(
      DatasetPipeline<S> pipeline, Recipe<?> recipe, Job job) throws IOException {
    S settings = pipeline.settings().cast(recipe.settings());
    return pipeline.plan(
        new Recipe<>(
            recipe.name(), recipe.pipeline(), recipe.description(), settings, recipe.defaults()),
        job);
  }

  private static Map<String, Class<? extends Record>> settings() {
    Map<String, Class<? extends Record>> settings = new LinkedHashMap<>();
    PIPELINES.forEach(pipeline -> settings.put(pipeline.name(), pipeline.settings()));
    return settings;
  }

  private static String bundled(String name) throws IOException {
    try (InputStream in = Datasets.class.getResourceAsStream("/recipes/" + name + ".yaml")) {
      if (in == null) {
        throw new IOException("the bundled recipe " + name + " is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String text(Path file) throws IOException {
    long size = Files.size(file);
    if (size > RECIPE_LIMIT) {
      throw new IllegalArgumentException(
          String.format("%s has %d bytes; a recipe has %d at most", file, size, RECIPE_LIMIT));
    }
    return Files.readString(file);
  }
}
