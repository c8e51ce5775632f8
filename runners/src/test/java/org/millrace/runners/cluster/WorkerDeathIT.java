package org.millrace.runners.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker of a cluster that is killed in the midst of a job. */
class WorkerDeathIT {

  @TempDir private static Path folder;
  private static ClusterJobs jobs;
  private static Path documents;
  private static SortedMap<String, String> expected;

  @BeforeAll
  static void startCluster() throws Exception {
    jobs = ClusterJobs.start(folder);
    documents = ManyDocuments.write(ClusterJobs.DOCUMENTS, folder.resolve("many"));
    expected = jobs.embedded(documents, "embedded");
    assertThat(expected.keySet().toString(), containsString("failures/"));
  }

  @AfterAll
  static void stopCluster() throws InterruptedException {
    if (jobs != null) {
      jobs.close();
    }
  }

  /** The steps are an early one, of which little is lost, and the last before the manifest. */
  @ParameterizedTest
  @ValueSource(strings = {"(FlatMap at Read/ReadRanges)", "(FlatMap at Write/WriteShard/"})
  void theJobGoesOnAndGivesTheSameBytes(String step) throws Exception {
    Path output = jobs.output("killed-in-" + step.replaceAll("\\W+", "-"));

    Process launcher = jobs.launchOnCluster(documents, output);
    String job = killWorkerIn(step, launcher);
    ClusterJobs.await(launcher, output);

    assertThat("the job was hit", jobs.cluster().rest().wasRestarted(job), is(true));
    assertThat(Dataset.digests(output), is(expected));
    Dataset.checkComplete(output);
    jobs.cluster().addWorkers(1);
  }

  private static String killWorkerIn(String step, Process launcher) throws Exception {
    FlinkCluster cluster = jobs.cluster();
    FlinkRest rest = cluster.rest();
    List<String> hit = new ArrayList<>();
    Poll.until(
        ClusterJobs.PATIENCE,
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
}
