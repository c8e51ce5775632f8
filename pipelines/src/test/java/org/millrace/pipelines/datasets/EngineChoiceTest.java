package org.millrace.pipelines.datasets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.testing.TestPipeline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Datasets;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.transforms.tokenize.TokenizerMismatchException;

/** Which engine a recipe leads to, in the plan and in the manifest. */
class EngineChoiceTest {

  private static final List<String> BARE =
      List.of("max_bad_fraction=0.2", "dedup=null", "shuffle=null", "pack=null");

  @TempDir private Path folder;
  private Corpus corpus;

  @BeforeEach
  void makeCorpus() throws IOException {
    corpus = Corpus.in(folder);
  }

  private DatasetPlan plan(EngineChoice.Check check, String... overrides) throws IOException {
    List<String> all = new ArrayList<>(BARE);
    all.addAll(List.of(overrides));
    Recipe<?> recipe = Datasets.recipe("pretrain", all);
    return new Pretrain(new EngineChoice(check))
        .plan(
            new Recipe<>(
                recipe.name(),
                recipe.pipeline(),
                recipe.description(),
                (PretrainRecipe) recipe.settings(),
                recipe.defaults()),
            corpus.job());
  }

  private static String engine(DatasetPlan plan) {
    return plan.header().tokenizer().engine();
  }

  @ParameterizedTest
  @CsvSource({"auto, java", "java, java", "djl, djl"})
  void theManifestNamesWhatTheRecipeLedTo(String asked, String used) throws IOException {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    plan((spec, texts) -> {}, "tokenize.engine=" + asked).addTo(pipeline);
    pipeline.run().waitUntilFinish();

    assertThat(corpus.manifest().header().tokenizer().engine(), equalTo(used));
    assertThat(
        corpus.documents(),
        contains("ghijklmno|", "pq|", "rstuv|", "abcdef|", "abcdef|", "wxyz|", "0123|"));
  }

  @Test
  void comparesTheEnginesOnTextsOfTheInput() throws IOException {
    List<String> seen = new ArrayList<>();

    plan((spec, texts) -> seen.addAll(texts));

    assertThat(seen, contains("ghijklmno", "pq", "rstuv", "abcdef", "", "abcdef", "wxyz", "0123"));
  }

  @Test
  void comparesNothingWhereTheLibraryEncodes() throws IOException {
    DatasetPlan plan =
        plan(
            (spec, texts) -> {
              throw new IllegalStateException("compared");
            },
            "tokenize.engine=djl");

    assertThat(engine(plan), equalTo("djl"));
  }

  @Test
  void aDifferenceStopsTheJob() {
    TokenizerMismatchException difference = new TokenizerMismatchException("at token 3");

    TokenizerMismatchException e =
        assertThrows(
            TokenizerMismatchException.class,
            () ->
                plan(
                    (spec, texts) -> {
                      throw difference;
                    }));

    assertThat(e, sameInstance(difference));
  }

  @Test
  void aDifferenceLeadsToTheLibraryOnDemand() throws IOException {
    DatasetPlan plan =
        plan(
            (spec, texts) -> {
              throw new TokenizerMismatchException("at token 3");
            },
            "tokenize.on_mismatch=djl");

    assertThat(engine(plan), equalTo("djl"));
  }

  @ParameterizedTest
  @CsvSource({"auto, isolated", "djl, isolated", "auto, attach_space", "djl, attach_space"})
  void theManifestSaysHowNumbersAreCut(String engine, String mode) throws IOException {
    DatasetPlan plan =
        plan((spec, texts) -> {}, "tokenize.engine=" + engine, "tokenize.split_digits=" + mode);

    String recipe = plan.header().recipe();
    assertThat(
        new ObjectMapper().readTree(recipe).at("/tokenize/split_digits").asText(), equalTo(mode));
    assertThat(((PretrainPlan) plan).tokenizer().splitDigits().name(), equalTo(upper(mode)));
  }

  private static String upper(String mode) {
    return mode.toUpperCase(Locale.ROOT);
  }

  @Test
  void refusesAnUnknownEngine() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Datasets.recipe("pretrain", List.of("tokenize.engine=rust")));

    assertThat(e.getMessage(), containsString("auto, java"));
  }
}
