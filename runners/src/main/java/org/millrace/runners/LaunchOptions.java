package org.millrace.runners;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the command line of a run says. */
final class LaunchOptions {

  @Mixin private RecipeOptions recipe;

  @Option(
      names = "--input",
      paramLabel = "FILES",
      description =
          "The files to read: a path, a folder (with all below it), a pattern as"
              + " 'data/*.jsonl.gz', or several with commas between.")
  private String input = "";

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "The folder of the dataset; made by the run.")
  private String output = "";

  @Option(
      names = "--tokenizer",
      paramLabel = "PATH",
      description = "A tokenizer.json or a SentencePiece .model, or a folder that holds one.")
  private String tokenizer = "";

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "The model of a teacher, an .onnx file, for recipes that have one.")
  private String model = "";

  @Option(
      names = "--runner",
      paramLabel = "flink|direct",
      defaultValue = "flink",
      description =
          "Where it runs: Flink within this process, spilling to disk, or with"
              + " --flinkMaster=HOST:PORT on a cluster; direct is for tests, all in memory. Default:"
              + " ${DEFAULT-VALUE}.")
  private String runner = "flink";

  @Option(
      names = "--overwrite",
      description = "Delete what a former run has left in the output. Default: refuse.")
  private boolean overwrite;

  /** The names of the options. */
  static List<String> names() {
    return Arrays.asList(
        "--input",
        "--output",
        "--tokenizer",
        "--model",
        "--runner",
        "--set",
        "--overwrite",
        "--debug");
  }

  RecipeOptions recipe() {
    return recipe;
  }

  String input() {
    return input;
  }

  String output() {
    return output;
  }

  String tokenizer() {
    return tokenizer;
  }

  String model() {
    return model;
  }

  boolean overwrite() {
    return overwrite;
  }

  RunnerDefaults.Runner runner() {
    return switch (runner) {
      case "flink" -> RunnerDefaults.Runner.FLINK;
      case "direct" -> RunnerDefaults.Runner.DIRECT;
      default ->
          throw new UsageException(
              "--runner is "
                  + runner
                  + ", must be flink or direct"
                  + CommandTree.meant(runner, List.of("flink", "direct")));
    };
  }

  /**
   * Checks the form of what is for Beam.
   *
   * @param rest what none of the options above has taken
   */
  static List<String> beamOptions(List<String> rest) {
    for (String option : rest) {
      if (!option.matches("--[A-Za-z][A-Za-z0-9]*(=.*)?")) {
        String what =
            option.startsWith("-")
                ? "there is no option " + option
                : "the argument " + option + " is one too many";
        throw new UsageException(
            what + CommandTree.meant(option, names()) + "; options are given as --name=value");
      }
    }
    return rest;
  }
}
