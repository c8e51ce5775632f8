package org.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.in;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recipes that are kept beside the code: nobody else notices when a key is renamed. */
class KeptRecipesTest {

  private static final Path HOME = Path.of(System.getProperty("millrace.home"));

  static List<Path> recipes() throws IOException {
    try (Stream<Path> tests = Files.list(HOME.resolve("testdata/recipes"))) {
      Path benchmark = HOME.resolve("runners/benchmark/pretrain-no-dedup.yaml");
      return Stream.concat(tests.sorted(), Stream.of(benchmark)).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void binds(Path recipe) throws IOException {
    String pipeline = Datasets.recipe(recipe.toString(), List.of()).pipeline();

    assertThat(pipeline, in(List.of("pretrain", "cepe-tokenize")));
  }
}
