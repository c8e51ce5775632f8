package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Equal bytes of every recipe on every runner, whatever its parallelism. */
@Tag("flink")
class SameBytesTest {

  private static final String INPUT = Dataset.HOME.resolve("testdata/documents").toString();

  @TempDir Path folder;

  static Stream<Path> recipes() throws IOException {
    try (Stream<Path> files = Files.list(Dataset.HOME.resolve("testdata/recipes"))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void oneSetOfDigestsOnEveryRunner(Path recipe) throws IOException {
    Map<String, String> digests =
        EveryRunner.sameDigests(
            (number, runner) ->
                Dataset.make(recipe.toString(), INPUT, folder.resolve("out-" + number), runner));

    assertThat(digests.size(), greaterThan(1));
  }
}
