package org.millrace.runners.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher as users start it, against a cluster that has nothing of Millrace. */
class FlinkClusterIT {

  private static final Path HOME = Path.of(System.getProperty("millrace.home", ".."));
  private static final Path SCRIPT = HOME.resolve("runners/millrace");
  private static final Path JAR = HOME.resolve("runners/target/millrace.jar");
  private static final Path DOCUMENTS = HOME.resolve("testdata/documents");
  private static final Duration PATIENCE = Duration.ofSeconds(300);

  @TempDir private static Path folder;
  private static FlinkCluster cluster;
  private static Path manyDocuments;
  private static SortedMap<String, String> manyExpected;

  @BeforeAll
  static void startCluster() throws Exception {
    assumeTrue(
        Files.isExecutable(SCRIPT) && Files.isRegularFile(JAR),
        "the launcher is not built: there is no " + JAR);
    cluster = FlinkCluster.start(folder.resolve("cluster"), JAR.resolveSibling("lib"), 2);
  }

  @AfterAll
  static void stopCluster() throws InterruptedException {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void severalJobsGiveTheBytesOfTheEmbeddedRun() throws Exception {
    run(DOCUMENTS, folder.resolve("embedded"), List.of());
    SortedMap<String, String> expected = Dataset.digests(folder.resolve("embedded"));

    for (String job : List.of("first", "second")) {
      run(DOCUMENTS, folder.resolve(job), onCluster());
      assertThat(Dataset.digests(folder.resolve(job)), is(expected));
    }
  }

  /** The steps are an early one, of which little is lost, and the last before the manifest. */
  @ParameterizedTest
  @ValueSource(strings = {"(FlatMap at Read/ReadRanges)", "(FlatMap at Write/WriteShard/"})
  void survivesTheDeathOfAWorker(String step) throws Exception {
    Path output = folder.resolve("killed-in-" + step.replaceAll("\\W+", "-"));
    SortedMap<String, String> expected = manyExpected();

    Process launcher = launch(manyDocuments, output, onCluster());
    String job = killWorkerIn(step, launcher);
    await(launcher, output);

    assertThat("the job was hit", cluster.rest().wasRestarted(job), is(true));
    assertThat(Dataset.digests(output), is(expected));
    Dataset.checkComplete(output);
    cluster.addWorkers(1);
  }

  private static String killWorkerIn(String step, Process launcher) throws Exception {
    FlinkRest rest = cluster.rest();
    List<String> hit = new ArrayList<>();
    Poll.until(
        PATIENCE,
        "a task of " + step + " runs" + cluster.logs(),
        () -> {
          Optional<String> job = rest.runningJob();
          Optional<String> worker =
              job.isEmpty() ? Optional.empty() : rest.workerOf(job.get(), step);
          if (worker.isPresent()) {
            cluster.kill(worker.get());
            hit.add(job.get());
          }
          return worker.isPresent() || !launcher.isAlive();
        });
    assertThat("runs that were seen in " + step, hit.size(), is(1));
    return hit.get(0);
  }

  private static synchronized SortedMap<String, String> manyExpected() throws Exception {
    if (manyExpected == null) {
      manyDocuments = ManyDocuments.write(DOCUMENTS, folder.resolve("many"));
      run(manyDocuments, folder.resolve("many-embedded"), List.of());
      manyExpected = Dataset.digests(folder.resolve("many-embedded"));
      assertThat(manyExpected.keySet().toString(), containsString("failures/"));
    }
    return manyExpected;
  }

  private static List<String> onCluster() {
    return List.of("--flinkMaster=" + cluster.rest().address());
  }

  private static void run(Path input, Path output, List<String> options) throws Exception {
    await(launch(input, output, options), output);
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

  private static void await(Process launcher, Path output) throws Exception {
    if (!launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      launcher.destroyForcibly();
    }
    assertThat(Files.readString(log(output)), launcher.waitFor(), is(0));
  }
}
