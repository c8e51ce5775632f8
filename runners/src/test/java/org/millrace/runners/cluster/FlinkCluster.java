package org.millrace.runners.cluster;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A standalone Flink cluster on the loopback interface: one JobManager and some TaskManagers of one
 * slot, each a process of its own. Their class path is Flink and what Flink depends on, so that all
 * else must come with the job.
 *
 * <p>The processes end with {@link #close}, and with this process at the latest.
 */
final class FlinkCluster implements AutoCloseable {

  /** For processes of Java that end before much of their code is worth the better compiler. */
  static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Flink and all that it depends on. */
  private static final Pattern FLINK =
      Pattern.compile(
          "(flink-|slf4j-|commons-(cli|collections|compress|io|lang3|math3|text)-|chill-java-|kryo-"
              + "|minlog-|objenesis-|javassist-|jsr305-|lz4-java-|snappy-java-|async-profiler-"
              + "|snakeyaml-engine-).*\\.jar");

  /** What Flink's start scripts would compute for 1 GiB; all figures must be given. */
  private static final Map<String, String> WORKER_MEMORY =
      Map.of(
          "taskmanager.cpu.cores", "1",
          "taskmanager.memory.framework.heap.size", "128m",
          "taskmanager.memory.framework.off-heap.size", "128m",
          "taskmanager.memory.task.heap.size", "384m",
          "taskmanager.memory.task.off-heap.size", "64m",
          "taskmanager.memory.managed.size", "128m",
          "taskmanager.memory.network.min", "128m",
          "taskmanager.memory.network.max", "128m",
          "taskmanager.memory.jvm-metaspace.size", "256m",
          "taskmanager.memory.jvm-overhead.min", "192m");

  private final Path folder;
  private final String classPath;
  private final FlinkRest rest;
  private final Map<String, Process> processes = Collections.synchronizedMap(new LinkedHashMap<>());
  private int workers;

  private FlinkCluster(Path folder, String classPath, FlinkRest rest) {
    this.folder = folder;
    this.classPath = classPath;
    this.rest = rest;
    Runtime.getRuntime().addShutdownHook(new Thread(this::killAll));
  }

  /**
   * Starts a cluster and waits until it is complete.
   *
   * @param folder an empty folder for its configuration, logs and shuffled data
   * @param libraries a folder with Flink's jars, among others
   */
  static FlinkCluster start(Path folder, Path libraries, int workers) throws Exception {
    try (ServerSocket rest = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket rpc = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.createDirectories(folder.resolve("tmp"));
      Files.write(
          folder.resolve("flink-conf.yaml"),
          configuration(rest.getLocalPort(), rpc.getLocalPort(), folder.resolve("tmp")));
      rest.close();
      rpc.close();
      FlinkCluster cluster =
          new FlinkCluster(
              folder, jars(libraries), new FlinkRest("127.0.0.1:" + rest.getLocalPort()));
      try {
        cluster.startJobManager();
        cluster.addWorkers(workers);
        return cluster;
      } catch (Exception | AssertionError e) {
        cluster.close();
        throw e;
      }
    }
  }

  private static List<String> configuration(int restPort, int rpcPort, Path temp) {
    return List.of(
        "rest.address: 127.0.0.1",
        "rest.bind-address: 127.0.0.1",
        "rest.port: " + restPort,
        // How old an answer about a job may be, in milliseconds.
        "web.refresh-interval: 100",
        "jobmanager.rpc.address: 127.0.0.1",
        "jobmanager.bind-host: 127.0.0.1",
        "jobmanager.rpc.port: " + rpcPort,
        "jobmanager.memory.process.size: 1024m",
        "taskmanager.host: 127.0.0.1",
        "taskmanager.bind-host: 127.0.0.1",
        "taskmanager.numberOfTaskSlots: 1",
        "heartbeat.interval: 500",
        "heartbeat.timeout: 5000",
        "restart-strategy.type: fixed-delay",
        "restart-strategy.fixed-delay.attempts: 5",
        "restart-strategy.fixed-delay.delay: 500 ms",
        "io.tmp.dirs: " + temp);
  }

  private static String jars(Path libraries) throws IOException {
    try (Stream<Path> jars = Files.list(libraries)) {
      return jars.filter(jar -> FLINK.matcher(jar.getFileName().toString()).matches())
          .map(Path::toString)
          .sorted()
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  private void startJobManager() throws IOException {
    run(
        "jobmanager",
        List.of("-Xmx448m"),
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        List.of("--executionMode", "cluster"));
  }

  /** Starts more TaskManagers and waits until each that is alive is known to the JobManager. */
  void addWorkers(int more) throws Exception {
    for (int i = 0; i < more; i++) {
      List<String> arguments = new ArrayList<>();
      String name = "worker-" + ++workers;
      Map<String, String> settings = new LinkedHashMap<>(WORKER_MEMORY);
      settings.put("taskmanager.memory.jvm-overhead.max", "192m");
      settings.put("taskmanager.resource-id", name);
      settings.forEach((key, value) -> arguments.addAll(List.of("-D", key + "=" + value)));
      run(
          name,
          List.of("-Xmx512m", "-XX:MaxDirectMemorySize=320m", "-XX:MaxMetaspaceSize=256m"),
          "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
          arguments);
    }
    long alive = processes.values().stream().filter(Process::isAlive).count() - 1;
    Poll.until(PATIENCE, alive + " TaskManagers are there" + logs(), () -> isComplete(alive));
  }

  private boolean isComplete(long workers) throws IOException {
    for (Map.Entry<String, Process> process : processes.entrySet()) {
      int killed = 128 + 9;
      if (!process.getValue().isAlive() && process.getValue().exitValue() != killed) {
        throw new AssertionError(process.getKey() + " ended" + logs());
      }
    }
    return rest.answers() && rest.get("/overview").path("slots-available").asLong() == workers;
  }

  private void run(String name, List<String> options, String main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of(SHORT_LIVED, "-XX:+UseSerialGC"));
    command.add("-Djava.io.tmpdir=" + folder.resolve("tmp"));
    command.addAll(List.of("-cp", classPath, main, "--configDir", folder.toString()));
    command.addAll(arguments);
    File log = folder.resolve(name + ".log").toFile();
    processes.put(
        name, new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start());
  }

  FlinkRest rest() {
    return rest;
  }

  /** Ends a TaskManager as {@code kill -9} does. */
  void kill(String worker) throws InterruptedException {
    Process process = processes.get(worker).destroyForcibly();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      throw new AssertionError(worker + " does not die");
    }
  }

  /** Where to look when something fails, for messages. */
  String logs() {
    return "; logs are " + folder.resolve("*.log");
  }

  private void killAll() {
    processes.values().forEach(Process::destroyForcibly);
  }

  @Override
  public void close() throws InterruptedException {
    killAll();
    for (Process process : processes.values()) {
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }
}
