package org.millrace.runners.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.util.Optional;

/**
 * What a JobManager says of its jobs.
 *
 * @param address host and port
 * @see <a
 *     href="https://nightlies.apache.org/flink/flink-docs-release-1.19/docs/ops/rest_api/">Flink's
 *     REST interface</a>
 */
record FlinkRest(String address) {

  private static final ObjectMapper JSON = new ObjectMapper();

  JsonNode get(String path) throws IOException {
    URL url = URI.create("http://" + address + path).toURL();
    return JSON.readTree(url);
  }

  /** Whether it is there already. */
  boolean answers() {
    try {
      get("/overview");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The only job that is not over. */
  Optional<String> runningJob() throws IOException {
    for (JsonNode job : get("/jobs").path("jobs")) {
      if (job.path("status").asText().equals("RUNNING")) {
        return Optional.of(job.path("id").asText());
      }
    }
    return Optional.empty();
  }

  /** A TaskManager that runs a part of the step, whose name contains {@code step}, right now. */
  Optional<String> workerOf(String job, String step) throws IOException {
    for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
      if (!vertex.path("name").asText().contains(step)
          || vertex.path("tasks").path("RUNNING").asInt() == 0) {
        continue;
      }
      String path = "/jobs/" + job + "/vertices/" + vertex.path("id").asText();
      for (JsonNode part : get(path).path("subtasks")) {
        if (part.path("status").asText().equals("RUNNING")) {
          return Optional.of(part.path("taskmanager-id").asText());
        }
      }
    }
    return Optional.empty();
  }

  /** Whether Flink has had to run parts of the job again. */
  boolean wasRestarted(String job) throws IOException {
    return get("/jobs/" + job).path("timestamps").path("RESTARTING").asLong() > 0;
  }
}
