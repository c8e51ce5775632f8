package org.millrace.runners.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;

/** A cluster that has nothing of Millrace, and the launcher as users start it. */
final class ClusterJobs implements AutoCloseable {

  static final Path HOME = Path.of(System.getProperty("millrace.home", ".."));
  static final Path DOCUMENTS = HOME.resolve("testdata/documents");
  static final Duration PATIENCE = Duration.ofSeconds(300);

  private static final Path SCRIPT = HOME.resolve("runners/millrace");
  private static final Path JAR = HOME.resolve("runners/target/millrace.jar");
  private static final int WORKERS = 2;

  private final Path folder;
  private final FlinkCluster cluster;

  private ClusterJobs(Path folder, FlinkCluster cluster) {
    this.folder = folder;
    this.cluster = cluster;
  }

  /** Starts the cluster; a test without the launcher's jar is skipped. */
  static ClusterJobs start(Path folder) throws Exception {
    assumeTrue(
        Files.isExecutable(SCRIPT) && Files.isRegularFile(JAR),
        "the launcher is not built: there is no " + JAR);
    return new ClusterJobs(
        folder, FlinkCluster.start(folder.resolve("cluster"), JAR.resolveSibling("lib"), WORKERS));
  }

  FlinkCluster cluster() {
    return cluster;
  }

  Path output(String name) {
    return folder.resolve(name);
  }

  /** Runs a job in the launcher's own process, and gives back what it made. */
  SortedMap<String, String> embedded(Path input, String name) throws Exception {
    await(launch(input, output(name), List.of()), output(name));
    return Dataset.digests(output(name));
  }

  /** The same on the cluster. */
  SortedMap<String, String> onCluster(Path input, String name) throws Exception {
    await(launchOnCluster(input, output(name)), output(name));
    return Dataset.digests(output(name));
  }

  Process launchOnCluster(Path input, Path output) throws IOException {
    return launch(input, output, List.of("--flinkMaster=" + cluster.rest().address()));
  }

  private static Process launch(Path input, Path output, List<String> options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                SCRIPT.toString(),
                "run",
                HOME.resolve("testdata/recipes/plain.yaml").toString(),
                "--runner=flink",
                "--input=" + input,
                "--output=" + output,
                "--tokenizer=" + HOME.resolve("testdata/tokenizers/bytes-8k"),
                "--set=max_bad_fraction=0.01",
                "--debug"));
    command.addAll(options);
    ProcessBuilder process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log(output).toFile());
    process.environment().put("MILLRACE_JAVA", FlinkCluster.SHORT_LIVED);
    return process.start();
  }

  private static Path log(Path output) {
    return output.resolveSibling(output.getFileName() + ".log");
  }

  /** Expects that a job succeeds. */
  static void await(Process launcher, Path output) throws Exception {
    if (!launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      launcher.destroyForcibly();
    }
    assertThat(Files.readString(log(output)), launcher.waitFor(), is(0));
  }

  @Override
  public void close() throws InterruptedException {
    cluster.close();
  }
}
