package org.millrace.runners;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Asks a Flink cluster how far a job is: this process sees nothing of the work, so that only the
 * job's tasks can be counted.
 *
 * @see <a
 *     href="https://nightlies.apache.org/flink/flink-docs-release-1.19/docs/ops/rest_api/">Flink's
 *     REST interface</a>
 */
final class ClusterProgress {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final String address;
  private final String jobName;

  ClusterProgress(String address, String jobName) {
    this.address = address;
    this.jobName = jobName;
  }

  static ClusterProgress of(PipelineOptions options) {
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    return new ClusterProgress(flink.getFlinkMaster(), options.getJobName());
  }

  /** Whether the work is done in other processes. */
  static boolean isRemote(PipelineOptions options) {
    return options.getRunner().getSimpleName().equals("FlinkRunner")
        && !options.as(FlinkPipelineOptions.class).getFlinkMaster().startsWith("[");
  }

  /**
   * The task slots of the cluster.
   *
   * @throws UsageException when none answers
   */
  int slots() {
    try {
      return get("/overview").path("slots-total").asInt();
    } catch (IOException e) {
      throw new UsageException(
          String.format(
              "no Flink cluster answers at --flinkMaster=%s (%s); it must be HOST:PORT of the REST"
                  + " interface, by default port 8081",
              address, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
          e);
    }
  }

  /** How far the job is, in one line. */
  String line() {
    try {
      for (JsonNode job : get("/jobs/overview").path("jobs")) {
        if (job.path("name").asText().equals(jobName)) {
          return describe(job);
        }
      }
      return "cluster " + address + ": the job is not there yet";
    } catch (IOException e) {
      return "cluster " + address + ": no answer";
    }
  }

  static String describe(JsonNode job) {
    JsonNode tasks = job.path("tasks");
    return String.format(
        "cluster: %s | %d of %d tasks done, %d running%s",
        job.path("state").asText().toLowerCase(java.util.Locale.ROOT),
        tasks.path("finished").asInt(),
        tasks.path("total").asInt(),
        tasks.path("running").asInt(),
        tasks.path("failed").asInt() > 0 ? ", " + tasks.path("failed").asInt() + " failed" : "");
  }

  private JsonNode get(String path) throws IOException {
    try {
      URI uri = URI.create((address.contains("://") ? "" : "http://") + address + path);
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("HTTP status " + response.statusCode());
      }
      return new ObjectMapper().readTree(response.body());
    } catch (IllegalArgumentException e) {
      throw new IOException("no address: " + address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
