package org.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.pipelines.datasets.OutputSettings;
import org.millrace.pipelines.datasets.OutputSettings.Hdf5;
import org.millrace.pipelines.datasets.OutputSettings.Hdf5Naming;
import org.millrace.pipelines.datasets.OutputSettings.Mds;
import org.millrace.pipelines.datasets.OutputSettings.MdsColumn;
import org.millrace.pipelines.datasets.OutputSettings.MdsType;
import org.millrace.pipelines.datasets.OutputSettings.Megatron;
import org.millrace.pipelines.datasets.OutputSettings.MegatronType;
import org.millrace.pipelines.datasets.OutputSettings.Npy;
import org.millrace.pipelines.datasets.OutputSettings.NpyType;
import org.millrace.pipelines.datasets.OutputSettings.OutputFormat;
import org.millrace.pipelines.datasets.OutputSettings.Parts;
import org.millrace.pipelines.datasets.PretrainRecipe;
import org.millrace.pipelines.datasets.PretrainRecipe.Dedup;
import org.millrace.pipelines.datasets.PretrainRecipe.DedupMethod;
import org.millrace.pipelines.datasets.PretrainRecipe.Leftover;
import org.millrace.pipelines.datasets.PretrainRecipe.Pack;
import org.millrace.pipelines.datasets.PretrainRecipe.Shuffle;
import org.millrace.pipelines.datasets.ReadSettings;
import org.millrace.pipelines.datasets.ReadSettings.InvalidText;
import org.millrace.pipelines.datasets.ReadSettings.JsonTexts;
import org.millrace.pipelines.datasets.ReadSettings.ReadFormat;
import org.millrace.pipelines.datasets.TokenizeSettings;
import org.millrace.pipelines.datasets.TokenizeSettings.OnMismatch;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.pipelines.recipe.ShardCount;
import org.millrace.pipelines.recipe.TokenChoice;
import org.millrace.transforms.tokenize.SplitDigits;
import org.millrace.transforms.tokenize.TokenizerEngine;

class DatasetsTest {

  private static final PretrainRecipe DEFAULTS =
      new PretrainRecipe(
          0,
          0.001,
          new ReadSettings(
              ReadFormat.AUTO,
              List.of("text", "content"),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              JsonTexts.FIELD,
              33554432,
              InvalidText.REJECT),
          Optional.empty(),
          Optional.empty(),
          Optional.of(new Dedup(DedupMethod.EXACT)),
          new TokenizeSettings(
              TokenChoice.NONE,
              TokenChoice.AUTO,
              false,
              SplitDigits.NONE,
              Optional.empty(),
              TokenizerEngine.AUTO,
              OnMismatch.FAIL),
          Optional.of(new Shuffle(true, true)),
          Optional.of(new Pack(2048, 16, Leftover.DROP, TokenChoice.AUTO, 0)),
          1,
          Optional.empty(),
          Optional.empty(),
          new OutputSettings(
              List.of(OutputFormat.NPY),
              ShardCount.of(8),
              Parts.NONE,
              new Npy(NpyType.AUTO),
              new Megatron("shard", "text", MegatronType.AUTO, Optional.empty()),
              new Hdf5(Hdf5Naming.DATA, 4, Optional.empty()),
              new Mds(
                  List.of(MdsColumn.TOKENS),
                  MdsType.AUTO,
                  "none",
                  List.of(),
                  Optional.of(67_108_864L),
                  Optional.empty())));

  @Test
  void pretrainHasItsPublishedValues() throws Exception {
    assertThat(Datasets.recipe("pretrain", List.of()).settings(), is(DEFAULTS));
  }

  @Test
  void sectionsWithoutKeysHaveTheSameValues(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("own.yaml");
    Files.writeString(file, "pipeline: pretrain\ndedup: {}\nshuffle: {}\npack: {}\n");

    Recipe<?> recipe = Datasets.recipe(file.toString(), List.of());

    assertThat(recipe.settings(), is(DEFAULTS));
    assertThat(recipe.sha256(), is(Datasets.recipe("pretrain", List.of()).sha256()));
  }

  @ParameterizedTest
  @MethodSource("org.millrace.pipelines.Datasets#bundledRecipes")
  void bundledRecipesShownAndReadAgainAreEqual(String name, @TempDir Path folder) throws Exception {
    Recipe<?> recipe = Datasets.recipe(name, List.of());
    Path file = Files.writeString(folder.resolve("shown.yaml"), recipe.yaml());

    Recipe<?> again = Datasets.recipe(file.toString(), List.of());

    assertThat(again.settings(), is((Object) recipe.settings()));
    assertThat(again.sha256(), is(recipe.sha256()));
    assertThat(again.defaults(), is(recipe.defaults()));
  }

  @Test
  void quickstartNeedsNoCommandLine() throws Exception {
    var defaults = Datasets.recipe("quickstart", List.of()).defaults();

    assertThat(defaults.input(), is(Optional.of("testdata/documents")));
    assertThat(
        defaults.tokenizer(), is(Optional.of("testdata/tokenizers/bytes-8k/tokenizer.json")));
    assertThat(defaults.output(), is(Optional.of("quickstart-output")));
  }

  @Test
  void documentsNeedNotBePacked() throws Exception {
    PretrainRecipe settings =
        (PretrainRecipe) Datasets.recipe("pretrain", List.of("pack=null")).settings();

    assertThat(settings.pack(), is(Optional.empty()));
  }

  @Test
  void plansWithThePipelineOfTheRecipe() throws Exception {
    Recipe<?> recipe = Datasets.recipe("pretrain", List.of());
    Job job = new Job("in", "out", "no/such/tokenizer.json");

    FileNotFoundException e =
        assertThrows(FileNotFoundException.class, () -> Datasets.plan(recipe, job));
    assertThat(e.getMessage(), containsString("no tokenizer at no/such/tokenizer.json"));
  }

  @Test
  void refusesAnUnknownRecipeAndNamesTheNearest() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Datasets.recipe("pretran", List.of()));
    assertThat(
        e.getMessage(),
        is(
            "there is no recipe pretran; did you mean pretrain?; bundled recipes are "
                + String.join(", ", Datasets.bundledRecipes())
                + ", anything else must be a YAML file"));
  }

  @Test
  void refusesAFileThatIsTooLargeForARecipe(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("large.yaml");
    Files.writeString(file, "#".repeat((1 << 20) + 1));

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Datasets.recipe(file.toString(), List.of()));
    assertThat(e.getMessage(), containsString("has 1048577 bytes; a recipe has 1048576 at most"));
  }

  @Test
  void shownRecipeNamesTheKeysThatAStepCannotDoWithout() throws IOException {
    assertThat(
        Datasets.recipe("pretrain", List.of()).yaml(),
        containsString("Off; {rate: ...} turns it on. Its keys: rate.\nsample: null\n"));
  }
}
