package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.millrace.transforms.hash.StableHash;

/** A dataset that a test makes by the launcher, and what is in it. */
public record Dataset(Path folder) {

  /** The project's root. */
  public static final Path HOME = Path.of(System.getProperty("millrace.home"));

  /** The tokenizer that is made of our own sources. */
  public static final Path TOKENIZER = HOME.resolve("testdata/tokenizers/bytes-8k/tokenizer.json");

  /** Runs the launcher to its end and expects success. */
  public static Dataset make(String recipe, String input, Path output, String... options) {
    make(recipe, input, output.toString(), options);
    return new Dataset(output);
  }

  /** As {@link #make(String, String, Path, String...)}, anywhere. */
  static void make(String recipe, String input, String output, String... options) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int status = tryToMake(recipe, input, output, stream, options);
    assertThat(printed.toString(StandardCharsets.UTF_8), status, equalTo(0));
  }

  /** Runs the launcher to its end and gives back its exit status. */
  public static int tryToMake(
      String recipe, String input, String output, PrintStream printed, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                recipe,
                "--input=" + input,
                "--output=" + output,
                "--tokenizer=" + TOKENIZER));
    arguments.addAll(Arrays.asList(options));
    return Main.run(printed, printed, arguments);
  }

  /** The SHA-256 of every file, by its path. */
  public Map<String, String> digests() throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (String path : paths()) {
      byte[] bytes = Files.readAllBytes(folder.resolve(path));
      digests.put(path, HexFormat.of().formatHex(StableHash.sha256().digest(bytes)));
    }
    return digests;
  }

  /** The paths of all files, sorted. */
  public List<String> paths() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  /** The samples of all npy shards in order, without the files' headers of 128 bytes. */
  byte[] samples() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String path : paths()) {
      if (path.endsWith(".npy")) {
        byte[] bytes = Files.readAllBytes(folder.resolve(path));
        all.write(bytes, 128, bytes.length - 128);
      }
    }
    return all.toByteArray();
  }
}
