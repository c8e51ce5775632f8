package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.junit.jupiter.api.Test;
import org.millrace.runners.RunnerDefaults.Runner;

class RunnerDefaultsTest {

  private static FlinkPipelineOptions flink(String... given) throws IOException {
    return RunnerDefaults.options(Runner.FLINK, "job", List.of(given))
        .as(FlinkPipelineOptions.class);
  }

  private static String refusal(String... given) {
    return assertThrows(UsageException.class, () -> flink(given)).getMessage();
  }

  @Test
  void flinkRunsInThisProcessOnAllCores() throws IOException {
    FlinkPipelineOptions options = flink();

    assertThat(options.getFlinkMaster(), is("[local]"));
    assertThat(options.getParallelism(), is(Runtime.getRuntime().availableProcessors()));
    assertThat(options.getObjectReuse(), is(true));
    assertThat(options.getFasterCopy(), is(true));
    assertThat(options.getJobName(), is("job"));
    assertThat(ClusterProgress.isRemote(options), is(false));
  }

  @Test
  void memoryOfFlinkGrowsWithItsSlotsAlone() throws IOException {
    String two =
        Files.readString(Path.of(flink("--parallelism=2").getFlinkConfDir(), "flink-conf.yaml"));
    String eight =
        Files.readString(Path.of(flink("--parallelism=8").getFlinkConfDir(), "flink-conf.yaml"));

    assertThat(two, containsString("taskmanager.memory.managed.size: 201326592b"));
    assertThat(two, containsString("taskmanager.memory.network.max: 67108864b"));
    assertThat(two, containsString("batch-shuffle.compression.enabled: false"));
    assertThat(eight, containsString("taskmanager.memory.managed.size: 805306368b"));
  }

  @Test
  void theCommandLineWinsOverDefaults() throws IOException {
    FlinkPipelineOptions options = flink("--parallelism=3", "--objectReuse=false");

    assertThat(options.getParallelism(), is(3));
    assertThat(options.getObjectReuse(), is(false));
  }

  @Test
  void directIsBeamsOwn() throws IOException {
    var options = RunnerDefaults.options(Runner.DIRECT, "job", List.of("--targetParallelism=2"));

    assertThat(options.getRunner().getSimpleName(), is("DirectRunner"));
    assertThat(ClusterProgress.isRemote(options), is(false));
  }

  @Test
  void namesTheNearestOptionOfBeamOrOurs() {
    assertThat(
        refusal("--paralelism=2"),
        is("there is no option --paralelism; did you mean --parallelism?"));
    assertThat(refusal("--imput=2"), is("there is no option --imput; did you mean --input?"));
  }

  @Test
  void saysWhatBeamSaysOfAWrongValue() {
    assertThat(refusal("--parallelism=x"), containsString("Beam refuses an option: "));
  }

  @Test
  void refusesAClusterThatDoesNotAnswer() {
    // Port 1 is reserved, and nobody listens there.
    assertThat(
        refusal("--flinkMaster=127.0.0.1:1"),
        containsString("no Flink cluster answers at --flinkMaster=127.0.0.1:1"));
  }
}
