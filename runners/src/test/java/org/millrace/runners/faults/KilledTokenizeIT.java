package org.millrace.runners.faults;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.runners.Dataset;

/** Tokenizing file by file, killed between files: only what is missing is made again. */
@Tag("flink")
class KilledTokenizeIT {

  private static final int FILES = 30;

  private static final String[] OPTIONS = {"--runner=flink", "--parallelism=2"};

  @TempDir Path folder;

  @Test
  void makesOnlyTheFilesThatAreMissing() throws Exception {
    String recipe = Dataset.HOME.resolve("testdata/recipes/cepe-tokenize.yaml").toString();
    String input = input().toString();
    Map<String, String> clean =
        Dataset.make(recipe, input, folder.resolve("clean"), OPTIONS).digests();
    Path killed = folder.resolve("killed");

    KilledRun.killAndGoOn(recipe, input, killed, "of " + FILES + " shards", OPTIONS);

    assertThat(new Dataset(killed).digests(), equalTo(clean));
    assertThat(clean.keySet(), hasItem("npy/java/f29.npy"));
  }

  /** Files that take their time, so that the kill falls between the first and the last. */
  private Path input() throws Exception {
    Path java = Dataset.HOME.resolve("testdata/documents/java/transforms.jsonl");
    Path copies = Files.createDirectories(folder.resolve("in/java"));
    for (int i = 0; i < FILES; i++) {
      Files.copy(java, copies.resolve("f" + i + ".jsonl"));
    }
    return folder.resolve("in");
  }
}
