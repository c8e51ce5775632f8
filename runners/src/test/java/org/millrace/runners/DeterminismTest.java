package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the order of samples depends on, and what not. {@link SameBytesTest} has the runners. */
@Tag("flink")
class DeterminismTest {

  private static final String INPUT = Dataset.HOME.resolve("testdata/documents").toString();
  private static final Path RECIPES = Dataset.HOME.resolve("testdata/recipes");

  @TempDir Path folder;

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
