package org.millrace.runners.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as users start it, against a cluster that has nothing of Millrace. */
class FlinkClusterIT {

  @TempDir private Path folder;

  @Test
  void severalJobsGiveTheBytesOfTheEmbeddedRun() throws Exception {
    try (ClusterJobs jobs = ClusterJobs.start(folder)) {
      SortedMap<String, String> expected = jobs.embedded(ClusterJobs.DOCUMENTS, "embedded");

      for (String job : List.of("first", "second")) {
        assertThat(jobs.onCluster(ClusterJobs.DOCUMENTS, job), is(expected));
      }
    }
  }
}
