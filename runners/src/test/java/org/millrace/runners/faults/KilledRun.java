package org.millrace.runners.faults;

import java.io.IOException;
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

  private KilledRun() {}

  /**
   * Runs the launcher until the first shard is complete, and kills it.
   *
   * @param options beside input, output and tokenizer
   */
  public static void untilAShardIsComplete(
      String recipe, String input, Path output, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
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
        Thread.onSpinWait();
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
