package org.millrace.runners;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.millrace.io.shard.RunOptions;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Datasets;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.Place;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.pipelines.recipe.RecipeDefaults;
import org.millrace.pipelines.recipe.RecipeException;
import org.millrace.transforms.tokenize.TokenizerSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes a dataset. */
@Command(
    name = "run",
    description = {
      "Make a dataset by a recipe.",
      "",
      "  millrace run quickstart",
      "  millrace run pretrain --input='data/*.jsonl.gz' --output=out --tokenizer=tokenizer.json"
    },
    footer = {
      "",
      "Any option of Beam or of the runner may be given too, as --name=value:",
      "--parallelism=4, --tempLocation=... By default Flink uses all cores of the machine."
    })
final class RunCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private LaunchOptions launch;

  @Spec private CommandSpec spec;

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    // Planning, the steps in this process and the report all use the same one.
    TokenizerSpec.Hold tokenizers = TokenizerSpec.hold();
    try (tokenizers) {
      return run();
    }
  }

  private int run() throws IOException {
    Recipe<?> recipe = launch.recipe().resolve();
    String jobName = "millrace-" + recipe.pipeline() + "-" + Long.toString(System.nanoTime(), 36);
    PipelineOptions options = RunnerDefaults.options(launch.runner(), jobName, beamOptions());
    FileSystems.setDefaultPipelineOptions(options);
    Job job = job(recipe);
    DatasetPlan plan = plan(recipe, job);
    InputSummary input = InputSummary.of(plan, job);
    OutputFolder output = new OutputFolder(job.output());
    output.refuseWithin(input.members());
    boolean bundledOutput = recipe.defaults().output().isPresent() && launch.output().isEmpty();
    String key = RunKey.of(plan, job);
    OptionalInt resumed = output.claim(launch.overwrite() || bundledOutput, key);
    output.begin(key);
    options.as(RunOptions.class).setRunKey(key);
    RunReport report = new RunReport(terminal, job, launch);
    report.plan(plan, input, options, resumed);
    long start = System.nanoTime();
    execute(plan, options, input);
    report.done((System.nanoTime() - start) / 1_000_000_000);
    boolean first = recipe.defaults().output().isPresent();
    if (first) {
      terminal.out().println();
    }
    int status = first ? VerifyCommand.verify(terminal, job.output()) : ExitStatus.DONE;
    report.next();
    return status;
  }

  private List<String> beamOptions() {
    return LaunchOptions.beamOptions(spec.commandLine().getParseResult().unmatched());
  }

  private Job job(Recipe<?> recipe) {
    RecipeDefaults defaults = recipe.defaults();
    String input =
        place(recipe, Place.INPUT, launch.input(), defaults.input(), "the files to read");
    return new Job(
        input.isEmpty() ? "" : InputSummary.absolute(input),
        Home.absolute(
            given("--output", launch.output(), defaults.output(), "the dataset's folder")),
        absolute(
            place(
                recipe,
                Place.TOKENIZER,
                launch.tokenizer(),
                defaults.tokenizer(),
                "the path of a tokenizer.json")),
        absolute(
            place(
                recipe,
                Place.MODEL,
                launch.model(),
                Optional.empty(),
                "the path of a teacher's .onnx file")));
  }

  private static String absolute(String path) {
    return path.isEmpty() ? "" : Home.absolute(path);
  }

  /**
   * A place as it was given, or as the recipe has it; empty where there is none and need not be.
   */
  private static String place(
      Recipe<?> recipe, Place place, String given, Optional<String> standard, String meaning) {
    if (Datasets.needs(recipe).contains(place)) {
      return given(place.option(), given, standard, meaning);
    }
    if (!given.isBlank() && !Datasets.takes(recipe).contains(place)) {
      throw new UsageException(
          place.option()
              + " is "
              + given
              + ", but the pipeline "
              + recipe.pipeline()
              + " has no use for it; leave it out");
    }
    return given.isBlank() ? standard.map(path -> Home.resolve(path).toString()).orElse("") : given;
  }

  private static String given(
      String option, String given, Optional<String> standard, String meaning) {
    if (!given.isBlank()) {
      return given;
    }
    return standard
        .map(path -> Home.resolve(path).toString())
        .orElseThrow(
            () ->
                new UsageException(
                    option + " is missing: give " + meaning + ", as " + option + "=PATH"));
  }

  /** What is wrong before the run is a matter of usage. */
  private static DatasetPlan plan(Recipe<?> recipe, Job job) {
    try {
      return Datasets.plan(recipe, job);
    } catch (RecipeException e) {
      throw e;
    } catch (IllegalArgumentException | IOException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  private void execute(DatasetPlan plan, PipelineOptions options, InputSummary input) {
    Pipeline pipeline = Pipeline.create(options);
    plan.addTo(pipeline);
    ProgressLine line = new ProgressLine(ProgressSnapshot.now(), input.bytes(), plan.numShards());
    boolean remote = ClusterProgress.isRemote(options);
    ProgressDisplay display =
        ProgressDisplay.start(
            terminal,
            remote ? ClusterProgress.of(options)::line : () -> line.at(ProgressSnapshot.now()));
    try (display) {
      pipeline.run().waitUntilFinish();
    }
  }
}
