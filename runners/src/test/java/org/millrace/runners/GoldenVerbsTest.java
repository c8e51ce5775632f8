package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verbs on files of the real writers. */
class GoldenVerbsTest {

  private static final Path GOLDEN =
      Path.of(System.getProperty("millrace.home"), "..", "shared", "data", "golden");

  @TempDir private Path temp;

  @BeforeEach
  void findFiles() {
    assumeTrue(Files.isDirectory(GOLDEN), "the files of the real writers are not here");
  }

  private static String run(int status, String... arguments) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int ended = Main.run(stream, stream, List.of(arguments));
    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text, ended, is(status));
    return text;
  }

  @ParameterizedTest
  @ValueSource(strings = {"npy", "hdf5", "megatron", "mds"})
  void theirFilesAreSoundAndCanBeLookedInto(String folder) {
    String path = GOLDEN.resolve(folder).toString();

    assertThat(run(0, "verify", path), containsString("sound: "));
    assertThat(run(0, "inspect", path), containsString("in all"));
    assertThat(run(0, "inspect", path, "--sample=0"), containsString("sample 0 of "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"br:5", "bz2:9", "gz:9", "snappy", "zstd:7"})
  void shardsOfAnyCompressionBecomeThePlainOnes(String compression) throws IOException {
    String from = GOLDEN.resolve("mds/variable-" + compression.replace(":", "")).toString();

    run(
        0,
        "convert",
        from,
        "--to=mds",
        "--output=" + temp.resolve("out"),
        "--set=mds.size_limit=0");

    assertThat(samples(temp.resolve("out/mds")), is(samples(GOLDEN.resolve("mds/variable-plain"))));
  }

  private static String samples(Path folder) {
    String first = run(0, "inspect", folder.toString(), "--sample=0");
    return first + run(0, "inspect", folder.toString(), "--sample=7");
  }

  @Test
  void aLostIndexIsMadeAnew() throws IOException {
    Path plain = GOLDEN.resolve("mds/variable-plain");
    try (var files = Files.list(plain)) {
      for (Path file : files.filter(each -> !each.endsWith("index.json")).toList()) {
        Files.copy(file, temp.resolve(file.getFileName().toString()));
      }
    }

    run(0, "repair", temp.toString());

    assertThat(
        Files.readString(temp.resolve("index.json")),
        is(Files.readString(plain.resolve("index.json"))));
  }
}
