package org.millrace.runners.faults;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
    Dataset killed = new Dataset(folder.resolve("killed"));

    KilledRun.untilAShardIsComplete(recipe, input, killed.folder(), OPTIONS);
    long complete = killed.paths().stream().filter(path -> path.contains("/done-")).count();
    assertThat(killed.paths(), not(hasItem("manifest.json")));
    assertThat(complete, greaterThan(0L));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    int status =
        Dataset.tryToMake(
            recipe,
            input,
            killed.folder().toString(),
            new PrintStream(printed, true, StandardCharsets.UTF_8),
            OPTIONS);

    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text, status, equalTo(0));
    assertThat(
        text,
        containsString("an unfinished run goes on: " + complete + " of " + FILES + " shards"));
    assertThat(killed.digests(), equalTo(clean));
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
