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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.millrace.runners.Dataset;
import org.millrace.runners.Main;

/** A launcher in a process of its own, that is killed. */
public final class KilledRun {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Far less than the shards that are still to come take. */
  private static final long LOOK_EVERY_MILLIS = 2;

  private KilledRun() {}

  /**
   * Runs the launcher until the first shard is complete, kills it, and gives the same command again
   * in this process, which must go on with what is complete.
   *
   * @param all what is said of how many shards there are
   * @param options beside input, output and tokenizer
   */
  public static void killAndGoOn(
      String recipe, String input, Path output, String all, String... options) throws Exception {
    Dataset killed = new Dataset(output);
    untilAShardIsComplete(recipe, input, output, options);
    long complete = killed.paths().stream().filter(path -> path.contains("/done-")).count();
    assertThat(killed.paths(), not(hasItem("manifest.json")));
    assertThat(complete, greaterThan(0L));

    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int status = Dataset.tryToMake(recipe, input, output.toString(), stream, options);

    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text, status, equalTo(0));
    assertThat(text, containsString("an unfinished run goes on: " + complete + " " + all));
  }

  private static void untilAShardIsComplete(
      String recipe, String input, Path output, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dmillrace.home=" + Dataset.HOME,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                recipe,
                "--input=" + input,
                "--output=" + output));
    command.addAll(Arrays.asList(options));
    if (command.stream().noneMatch(option -> option.startsWith("--tokenizer="))) {
      command.add("--tokenizer=" + Dataset.TOKENIZER);
    }
    Path log = Files.createTempFile("millrace-killed-", ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!aShardIsComplete(output)) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new AssertionError(
              "no shard was complete: " + Files.readString(log, StandardCharsets.UTF_8));
        }
        Thread.sleep(LOOK_EVERY_MILLIS);
      }
    } finally {
      process.destroyForcibly().waitFor();
      Files.delete(log);
    }
  }

  private static boolean aShardIsComplete(Path output) throws IOException {
    if (!Files.isDirectory(output)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(output)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("done-"));
    } catch (UncheckedIOException e) {
      // A file was moved away while it was looked at.
      return false;
    }
  }
}
