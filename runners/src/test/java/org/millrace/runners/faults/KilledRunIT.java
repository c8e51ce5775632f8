package org.millrace.runners.faults;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.nio.file.Path;
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
    Path killed = folder.resolve("killed");

    KilledRun.killAndGoOn(recipe, INPUT, killed, all, OPTIONS);

    assertThat(new Dataset(killed).digests(), equalTo(clean));
  }
}
