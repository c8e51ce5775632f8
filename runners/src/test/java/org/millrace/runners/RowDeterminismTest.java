package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pipelines over finished rows: equal bytes on every runner, whatever its parallelism. */
@Tag("flink")
class RowDeterminismTest {

  private static final String MIX =
      """
      pipeline: mix
      seed: 5
      sources:
        - {name: first, folder: "*_0", weight: 0.7, select: {modulus: 2, remainder: 0}}
        - {name: second, folder: epoch_1, weight: 0.3, subset: 0.2-0.7}
      decisive_weight: 0.5
      output: {num_shards: 3}
      """;

  @TempDir static Path folder;
  private static Path input;

  @BeforeAll
  static void makeRows() throws IOException {
    String recipe = Dataset.HOME.resolve("testdata/recipes/all-formats.yaml").toString();
    String documents = Dataset.HOME.resolve("testdata/documents").toString();
    input = Files.createDirectories(folder.resolve("in"));
    for (int epoch = 0; epoch < 2; epoch++) {
      Path output = folder.resolve("made-" + epoch);
      Dataset.make(
          recipe,
          documents,
          output,
          "--set=seed=" + epoch,
          "--set=output.formats=hdf5",
          "--set=output.hdf5.naming=data",
          "--set=output.hdf5.rows_per_file=100",
          "--runner=direct");
      Files.move(output.resolve("hdf5"), input.resolve("epoch_" + epoch));
    }
    Files.writeString(folder.resolve("mix.yaml"), MIX);
  }

  /** Runs the launcher without a tokenizer. */
  private String run(String recipe, Path output, String... options) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    List<String> arguments =
        new ArrayList<>(List.of("run", recipe, "--input=" + input, "--output=" + output));
    arguments.addAll(Arrays.asList(options));
    int status = Main.run(stream, stream, arguments);
    assertThat(printed.toString(StandardCharsets.UTF_8), status, equalTo(0));
    return printed.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"shuffle-rows, places", "mix.yaml, rows"})
  void oneSetOfDigestsOnEveryRunner(String recipe, String moves) throws IOException {
    String name = recipe.endsWith(".yaml") ? folder.resolve(recipe).toString() : recipe;
    Map<String, String> digests =
        EveryRunner.sameDigests(
            (number, runner) -> {
              Path output = folder.resolve(recipe + moves + number);
              run(
                  name,
                  output,
                  Stream.concat(Stream.of("--set=read.moves=" + moves), Stream.of(runner))
                      .toArray(String[]::new));
              return new Dataset(output);
            });

    assertThat(digests.size(), greaterThan(3));
  }

  /** The memory file system lists files in reverse, and is none of Beam's own. */
  @Test
  void anotherFileSystemGivesTheSameBytes() throws IOException {
    MemoryFileSystem.copyIn(input, "memory://rows/in/");
    Path local = folder.resolve("local");
    run("shuffle-rows", local, "--runner=direct");

    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int status =
        Main.run(
            stream,
            stream,
            List.of(
                "run",
                "shuffle-rows",
                "--input=memory://rows/in",
                "--output=memory://rows/out",
                "--runner=flink"));

    assertThat(printed.toString(StandardCharsets.UTF_8), status, equalTo(0));
    Path copy = folder.resolve("copy");
    MemoryFileSystem.copyOut("memory://rows/out/", copy);
    assertThat(new Dataset(copy).digests(), equalTo(new Dataset(local).digests()));
  }

  @Test
  void theMixtureIsPrintedBeforeTheRun() {
    String printed =
        run(folder.resolve("mix.yaml").toString(), folder.resolve("printed"), "--runner=direct");

    assertThat(printed, containsString("samples taken"));
    assertThat(
        printed.indexOf("weight 0.7"), greaterThan(printed.indexOf("is carried over as it is")));
    assertThat(printed.indexOf("done in"), greaterThan(printed.indexOf("weight 0.7")));
  }

  @Test
  void anOutputWithinTheInputIsRefused() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);

    int status =
        Main.run(
            stream,
            stream,
            List.of("run", "shuffle-rows", "--input=" + input, "--output=" + input.resolve("out")));

    assertThat(status, equalTo(2));
    assertThat(printed.toString(StandardCharsets.UTF_8), containsString("lies in the input"));
  }
}
