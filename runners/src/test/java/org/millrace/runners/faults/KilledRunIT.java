package org.millrace.runners.faults;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.runners.Dataset;

/** A launcher that is killed while it writes; the same command again goes on and ends alike. */
@Tag("flink")
class KilledRunIT {

  private static final Path RECIPES = Dataset.HOME.resolve("testdata/recipes");

  private static final String INPUT = Dataset.HOME.resolve("testdata/documents").toString();

  /** Many shards that take their time, so that the kill falls between the first and the last. */
  private static final String[] OPTIONS = {
    "--set=output.formats=hdf5",
    "--set=output.hdf5.gzip_level=9",
    "--set=output.num_shards=300",
    "--runner=flink",
    "--parallelism=2"
  };

  @TempDir Path folder;

  /** Fill-in-the-middle draws anew where a run goes on, and draws the same. */
  @ParameterizedTest
  @CsvSource({"plain, of 300 shards", "fim-segments, of "})
  void goesOnWithTheShardsThatAreComplete(String name, String all) throws Exception {
    String recipe = RECIPES.resolve(name + ".yaml").toString();
    Map<String, String> clean =
        Dataset.make(recipe, INPUT, folder.resolve("clean"), OPTIONS).digests();
    Dataset killed = new Dataset(folder.resolve("killed"));

    KilledRun.untilAShardIsComplete(recipe, INPUT, killed.folder(), OPTIONS);
    long complete = receipts(killed);
    assertThat(killed.paths(), not(hasItem("manifest.json")));
    assertThat(complete, greaterThan(0L));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    int status =
        Dataset.tryToMake(
            recipe,
            INPUT,
            killed.folder().toString(),
            new PrintStream(printed, true, StandardCharsets.UTF_8),
            OPTIONS);

    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text, status, equalTo(0));
    assertThat(text, containsString("an unfinished run goes on: " + complete + " " + all));
    assertThat(killed.digests(), equalTo(clean));
  }

  private static long receipts(Dataset dataset) throws IOException {
    List<String> paths = dataset.paths();
    return paths.stream().filter(path -> path.contains("/done-")).count();
  }
}
