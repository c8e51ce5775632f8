package org.millrace.runners;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** What a run gives to Beam and to the runner where the command line does not say. */
final class RunnerDefaults {

  /** Where pipelines run. */
  enum Runner {
    /** Flink: in this process, or on the cluster that --flinkMaster names. */
    FLINK,
    /** Beam's own for tests; holds all in memory. */
    DIRECT
  }

  /** The network buffers of one shuffle between two subtasks, 16 shuffles at once, 32 KiB each. */
  private static final long NETWORK_BYTES_PER_PAIR = 16L * (32 << 10);

  private static final long NETWORK_BYTES_MIN = 64L << 20;

  /**
   * Enough for every sort of a job to spill in long runs; the heap's own share is MILLRACE_HEAP.
   */
  private static final long MANAGED_BYTES_PER_SLOT = 96L << 20;

  private RunnerDefaults() {}

  /**
   * The options of a run.
   *
   * @param runner where it runs
   * @param jobName what the runner calls it
   * @param beamOptions what was given on the command line, {@code --name=value}
   * @throws UsageException when Beam knows no such option, or refuses its value
   */
  static PipelineOptions options(Runner runner, String jobName, List<String> beamOptions)
      throws IOException {
    List<String> arguments = new ArrayList<>(beamOptions);
    switch (runner) {
      case DIRECT -> arguments.add("--runner=DirectRunner");
      case FLINK -> addFlink(arguments, jobName);
    }
    addDefault(arguments, "jobName", jobName);
    try {
      return PipelineOptionsFactory.fromArgs(arguments.toArray(String[]::new))
          .withValidation()
          .create();
    } catch (IllegalArgumentException e) {
      throw new UsageException(refusal(e, beamOptions), e);
    }
  }

  private static void addFlink(List<String> arguments, String jobName) throws IOException {
    arguments.add("--runner=FlinkRunner");
    // Nothing is changed in place by any of our steps, and each is tested on a runner that checks.
    addDefault(arguments, "objectReuse", "true");
    addDefault(arguments, "fasterCopy", "true");
    if (isEmbedded(arguments)) {
      addDefault(arguments, "flinkMaster", "[local]");
      int cores = Runtime.getRuntime().availableProcessors();
      addDefault(arguments, "parallelism", Integer.toString(cores));
      int slots = Integer.parseInt(value(arguments, "parallelism").replaceFirst("\\D.*", "0"));
      addDefault(arguments, "flinkConfDir", configuration(Math.max(1, slots)).toString());
    } else {
      int slots = new ClusterProgress(value(arguments, "flinkMaster"), jobName).slots();
      addDefault(arguments, "parallelism", Integer.toString(Math.max(1, slots)));
      addDefault(arguments, "filesToStage", String.join(",", jars()));
      // Only with blocking shuffles can the loss of a worker be mended by running parts again.
      addDefault(arguments, "executionModeForBatch", "BATCH_FORCED");
    }
  }

  /** Where a run runs, in words. */
  static String describe(PipelineOptions options) {
    if (!options.getRunner().getSimpleName().equals("FlinkRunner")) {
      return "Beam's direct runner, within this process";
    }
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    return String.format(
        "Flink %s, parallelism %d",
        ClusterProgress.isRemote(options) ? "at " + flink.getFlinkMaster() : "within this process",
        flink.getParallelism());
  }

  /** Whether Flink runs in this process. */
  static boolean isEmbedded(List<String> beamOptions) {
    String master = value(beamOptions, "flinkMaster");
    return master.isEmpty() || master.startsWith("[");
  }

  /** The value of {@code --name=value}; empty where it is not given. */
  static String value(List<String> arguments, String name) {
    String prefix = "--" + name + "=";
    return arguments.stream()
        .filter(argument -> argument.startsWith(prefix))
        .map(argument -> argument.substring(prefix.length()))
        .findFirst()
        .orElse("");
  }

  private static void addDefault(List<String> arguments, String name, String value) {
    if (value(arguments, name).isEmpty()) {
      arguments.add("--" + name + "=" + value);
    }
  }

  /**
   * A configuration that keeps the process small: Flink's own defaults take shares of the machine.
   */
  private static Path configuration(int slots) throws IOException {
    long network = Math.max(NETWORK_BYTES_MIN, slots * (long) slots * NETWORK_BYTES_PER_PAIR);
    Path folder = Files.createTempDirectory("millrace-flink-");
    Path file = folder.resolve("flink-conf.yaml");
    Files.writeString(
        file,
        String.join(
            "\n",
            "taskmanager.memory.managed.size: " + slots * MANAGED_BYTES_PER_SLOT + "b",
            "taskmanager.memory.network.min: " + network + "b",
            "taskmanager.memory.network.max: " + network + "b",
            // Ids hardly get smaller, and pressing them took an eighth of a job's time.
            "taskmanager.network.batch-shuffle.compression.enabled: false",
            "io.tmp.dirs: " + System.getProperty("java.io.tmpdir"),
            ""));
    // Deleted in the reverse of this order.
    folder.toFile().deleteOnExit();
    file.toFile().deleteOnExit();
    return folder;
  }

  /** What every Flink cluster has already, and what none needs: a third of all bytes. */
  private static final List<String> NOT_STAGED =
      List.of("flink-", "slf4j-", "beam-runners-direct-java-");

  /** The launcher's jar and those of its libraries that a cluster lacks. */
  static List<String> jars() throws IOException {
    Path jar =
        Path.of(System.getProperty("millrace.home", "."), "runners", "target", "millrace.jar");
    Path lib = jar.resolveSibling("lib");
    if (!Files.isRegularFile(jar) || !Files.isDirectory(lib)) {
      return Arrays.asList(System.getProperty("java.class.path").split(java.io.File.pathSeparator));
    }
    try (Stream<Path> libraries = Files.list(lib)) {
      return Stream.concat(Stream.of(jar), libraries.filter(RunnerDefaults::isStaged).sorted())
          .map(path -> path.toAbsolutePath().toString())
          .collect(Collectors.toList());
    }
  }

  private static boolean isStaged(Path library) {
    String name = library.getFileName().toString();
    return NOT_STAGED.stream().noneMatch(name::startsWith);
  }

  private static String refusal(IllegalArgumentException e, List<String> beamOptions) {
    TreeSet<String> known = new TreeSet<>(LaunchOptions.names());
    for (Class<? extends PipelineOptions> type : PipelineOptionsFactory.getRegisteredOptions()) {
      for (Method method : type.getMethods()) {
        String setter = method.getName();
        if (setter.startsWith("set") && setter.length() > 3) {
          known.add("--" + Character.toLowerCase(setter.charAt(3)) + setter.substring(4));
        }
      }
    }
    for (String option : beamOptions) {
      String name = option.replaceFirst("=.*", "");
      if (!known.contains(name)) {
        return "there is no option " + name + CommandTree.meant(name, known);
      }
    }
    return "Beam refuses an option: " + e.getMessage();
  }
}
