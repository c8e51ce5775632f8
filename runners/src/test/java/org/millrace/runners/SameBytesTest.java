package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
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
    Map<String, Map<String, String>> digests = new TreeMap<>();
    for (String options :
        new String[] {
          "--runner=direct --targetParallelism=1",
          "--runner=direct --targetParallelism=4",
          "--runner=flink --parallelism=1",
          "--runner=flink --parallelism=4"
        }) {
      Path output = folder.resolve("out-" + digests.size());
      digests.put(
          options, Dataset.make(recipe.toString(), INPUT, output, options.split(" ")).digests());
    }
    Map<String, String> first = digests.get("--runner=direct --targetParallelism=1");
    assertThat(first.size(), greaterThan(1));
    digests.forEach((options, found) -> assertThat(options, found, equalTo(first)));
  }
}
