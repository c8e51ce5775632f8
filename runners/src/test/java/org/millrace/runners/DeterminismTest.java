package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Equal bytes on every runner, whatever its parallelism, the number of shards and the listing. */
@Tag("flink")
class DeterminismTest {

  private static final String INPUT = Dataset.HOME.resolve("testdata/documents").toString();
  private static final Path RECIPES = Dataset.HOME.resolve("testdata/recipes");

  @TempDir Path folder;

  static Stream<Path> recipes() throws IOException {
    try (Stream<Path> files = Files.list(RECIPES)) {
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

  @Test
  void anotherNumberOfShardsHasTheSameConcatenation() throws IOException {
    String recipe = RECIPES.resolve("plain.yaml").toString();
    Dataset three =
        Dataset.make(recipe, INPUT, folder.resolve("three"), "--set=output.num_shards=3");
    Dataset eleven =
        Dataset.make(recipe, INPUT, folder.resolve("eleven"), "--set=output.num_shards=11");

    assertThat(three.samples().length, greaterThan(100_000));
    assertThat(eleven.samples(), equalTo(three.samples()));
    assertThat(eleven.paths(), not(equalTo(three.paths())));
  }

  @Test
  void anotherSeedIsAnotherOrder() throws IOException {
    String recipe = RECIPES.resolve("plain.yaml").toString();
    Dataset one = Dataset.make(recipe, INPUT, folder.resolve("one"), "--set=seed=1");
    Dataset two = Dataset.make(recipe, INPUT, folder.resolve("two"), "--set=seed=2");

    assertThat(two.samples(), not(equalTo(one.samples())));
  }

  /** The memory file system lists files in reverse, and is none of Beam's own. */
  @Test
  void anotherFileSystemWithAnotherListingGivesTheSameBytes() throws IOException {
    String recipe = RECIPES.resolve("unshuffled.yaml").toString();
    MemoryFileSystem.copyIn(Path.of(INPUT), "memory://bucket/in/");
    Map<String, String> expected =
        Dataset.make(recipe, INPUT, folder.resolve("local"), "--runner=direct").digests();

    for (String runner : new String[] {"direct", "flink"}) {
      Dataset.make(recipe, "memory://bucket/in", "memory://bucket/" + runner, "--runner=" + runner);
      Path copy = folder.resolve(runner);
      MemoryFileSystem.copyOut("memory://bucket/" + runner + "/", copy);
      assertThat(runner, new Dataset(copy).digests(), equalTo(expected));
    }
  }
}
