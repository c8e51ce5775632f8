package org.millrace.runners.faults;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.runners.Dataset;
import org.millrace.runners.faults.FaultySink.Fault;

/**
 * What fails and is tried again leaves the same bytes and nothing else; what dies leaves no
 * manifest.
 */
@Tag("flink")
class FaultTest {

  @TempDir Path folder;

  @BeforeEach
  void nothingWrongYet() {
    FaultySink.LEFT.set(0);
    FaultySink.DONE.set(0);
  }

  private PipelineOptions flink(int attempts) throws IOException {
    Path configuration = Files.createDirectories(folder.resolve("flink-conf"));
    Files.writeString(
        configuration.resolve("flink-conf.yaml"),
        "restart-strategy.type: fixed-delay\n"
            + "restart-strategy.fixed-delay.delay: 100 ms\n"
            + ("restart-strategy.fixed-delay.attempts: " + attempts + "\n"));
    FlinkPipelineOptions options =
        PipelineOptionsFactory.fromArgs("--runner=FlinkRunner").as(FlinkPipelineOptions.class);
    options.setFlinkMaster("[local]");
    options.setParallelism(2);
    options.setFlinkConfDir(configuration.toString());
    return options;
  }

  private Dataset clean() {
    Dataset dataset = new Dataset(folder.resolve("clean"));
    FaultyJob.run(
        PipelineOptionsFactory.fromArgs("--runner=DirectRunner").create(),
        dataset.folder().toString(),
        Fault.NONE);
    return dataset;
  }

  private void comesOutTheSame(Fault fault, int times) throws IOException {
    Map<String, String> expected = clean().digests();
    assertThat(expected, hasKey("faulty/index.txt"));
    FaultySink.LEFT.set(times);
    Dataset dataset = new Dataset(folder.resolve("faulty"));

    FaultyJob.run(flink(times), dataset.folder().toString(), fault);

    assertThat(FaultySink.DONE.get(), equalTo(times));
    assertThat(dataset.digests(), equalTo(expected));
    assertThat(folders(dataset), equalTo(List.of("faulty", "npy")));
  }

  private static List<String> folders(Dataset dataset) throws IOException {
    try (var entries = Files.list(dataset.folder())) {
      return entries
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void aShardThatFailsIsWrittenAgain() throws IOException {
    comesOutTheSame(Fault.FINISH, 2);
  }

  @Test
  void anEndThatFailsHalfWayIsRepeated() throws IOException {
    comesOutTheSame(Fault.FINALIZE, 2);
  }

  @Test
  void aRunThatFailsForGoodLeavesNoManifest() throws IOException {
    FaultySink.LEFT.set(Integer.MAX_VALUE);
    Dataset dataset = new Dataset(folder.resolve("faulty"));
    PipelineOptions options = flink(1);

    assertThrows(
        RuntimeException.class,
        () -> FaultyJob.run(options, dataset.folder().toString(), Fault.FINALIZE));

    assertThat(FaultySink.DONE.get(), greaterThan(1));
    assertThat(dataset.paths(), not(hasItem("manifest.json")));
  }

  @Test
  void aRunThatIsKilledIsRefusedUntilItIsOverwritten() throws Exception {
    Path output = folder.resolve("killed");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FaultyJob.class.getName(),
                output.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader printed = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = new ArrayList<>();
      for (String line = printed.readLine();
          line != null && !line.contains(FaultySink.BLOCKED);
          line = printed.readLine()) {
        lines.add(line);
      }
      assertThat(lines.toString(), process.isAlive(), equalTo(true));
    } finally {
      process.destroyForcibly().waitFor();
    }
    Dataset killed = new Dataset(output);
    assertThat(killed.paths(), not(hasItem("manifest.json")));
    assertThat(killed.paths().toString(), containsString(".temp-"));

    String recipe = Dataset.HOME.resolve("testdata/recipes/plain.yaml").toString();
    String input = Dataset.HOME.resolve("testdata/documents").toString();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int refused = Dataset.tryToMake(recipe, input, output.toString(), stream);
    assertThat(printed.toString(StandardCharsets.UTF_8), refused, equalTo(2));
    assertThat(printed.toString(StandardCharsets.UTF_8), containsString("--overwrite"));

    Dataset overwritten = Dataset.make(recipe, input, output, "--overwrite", "--runner=direct");
    Dataset fresh = Dataset.make(recipe, input, folder.resolve("fresh"), "--runner=direct");
    assertThat(overwritten.digests(), equalTo(fresh.digests()));
    assertThat(folders(overwritten), equalTo(List.of("npy")));
  }
}
