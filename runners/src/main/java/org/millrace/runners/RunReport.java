package org.millrace.runners;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.beam.sdk.options.PipelineOptions;
import org.millrace.io.column.Column;
import org.millrace.io.shard.Manifest;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.TokenColumn;
import org.millrace.io.verify.StoredDataset;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Job;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerSpec;

/** Says what a run is going to do, and what it has done. */
final class RunReport {

  /** Of a document in the sample at the end so much is shown. */
  private static final int SAMPLE_CHARACTERS = 240;

  private static final int SAMPLE_LINES = 16;

  private final Terminal terminal;
  private final Job job;
  private final LaunchOptions launch;

  RunReport(Terminal terminal, Job job, LaunchOptions launch) {
    this.terminal = terminal;
    this.job = job;
    this.launch = launch;
  }

  /**
   * Prints what is going to be done.
   *
   * @param resumed how many shards an unfinished run has left complete, where there was one
   */
  void plan(DatasetPlan plan, InputSummary input, PipelineOptions options, OptionalInt resumed) {
    var header = plan.header();
    TextTable table =
        TextTable.of("recipe", plan.recipe().name() + ", SHA-256 " + header.recipeSha256());
    table.row("input", input.describe() + " in " + Home.shown(job.input()));
    input.skipped().ifPresent(skipped -> table.row("", skipped));
    if (header.tokenizer().isKnown()) {
      table.row(
          "tokenizer",
          header.tokenizer().name()
              + ", "
              + Amounts.of(header.tokenizer().vocabularySize(), "token", "tokens")
              + endOfText(plan));
    }
    if (!job.model().isEmpty()) {
      table.row("model", Home.shown(job.model()));
    }
    table.row("output", Home.shown(job.output()));
    if (resumed.isPresent()) {
      table.row(
          "",
          String.format(
              "an unfinished run goes on: %,d of %s complete",
              resumed.getAsInt(), Amounts.of(plan.numShards(), "shard is", "shards are")));
    }
    table.row("runner", RunnerDefaults.describe(options));
    terminal.out().println(table.text());
    if (!plan.summary().isEmpty()) {
      plan.summary().forEach(terminal.out()::println);
      terminal.out().println();
    }
    terminal.out().flush();
  }

  private static String endOfText(DatasetPlan plan) {
    return plan.recipe().values().get("tokenize") instanceof java.util.Map<?, ?> tokenize
        ? "; end of text: " + tokenize.get("add_eos")
        : "";
  }

  /** Prints what the dataset has become. */
  void done(long seconds) throws IOException {
    StoredDataset dataset = StoredDataset.open(job.output());
    Manifest manifest = dataset.manifest();
    DatasetText text = new DatasetText(manifest);
    terminal.out().printf("done in %s%n%n", Amounts.duration(Math.max(1, seconds)));
    terminal.out().println(text.steps());
    terminal.out().println(text.files());
    // The same samples are in every format, so that one of them shows them all.
    Optional<Manifest.Output> first =
        manifest.outputs().stream().filter(output -> output.samples() > 0).findFirst();
    if (first.isEmpty()) {
      terminal.out().println(nothing(manifest));
      return;
    }
    sample(dataset, first.get());
    terminal.out().println("in Python:");
    String part = first.get().part();
    for (Manifest.Output output :
        manifest.outputs().stream().filter(each -> each.part().equals(part)).toList()) {
      PythonText.of(job.output(), output).forEach(line -> terminal.out().println("    " + line));
    }
  }

  /** A dataset without samples is sealed like any other, but hardly what was wanted. */
  private static String nothing(Manifest manifest) {
    long tokens = manifest.ledger().tokens(Ledger.TOKENIZED);
    return "there is no sample in "
        + String.join(", ", manifest.outputs().stream().map(Manifest.Output::folder).toList())
        + (tokens == 0
            ? ": nothing of the input was tokenized; the table above says why"
            : ": no packing bucket had enough of the "
                + Amounts.of(tokens, "token", "tokens")
                + " for one; give more input, or lower pack.sequence_length or pack.buckets, or set"
                + " pack.leftover to pad");
  }

  private void sample(StoredDataset dataset, Manifest.Output output) throws IOException {
    Optional<TokenizerSpec> spec = TokenizerFinder.find(job.tokenizer(), dataset.manifest());
    if (spec.isEmpty()) {
      return;
    }
    try (Tokenizer tokenizer = spec.get().open()) {
      SampleText sample =
          new SampleText(
              tokenizer,
              TokenizerFinder.endOfText(dataset.manifest(), tokenizer),
              StoredSentinels.of(dataset.manifest()),
              false);
      terminal.out().println("sample 0:");
      StoredSample first = dataset.sample(output, 0);
      Column column = TokenColumn.of(first.columns(), Optional.empty(), output.folder());
      List<String> lines =
          sample.lines(first.ids(column.name(), "sample 0"), SAMPLE_CHARACTERS);
      lines.stream().limit(SAMPLE_LINES).forEach(terminal.out()::println);
      if (lines.size() > SAMPLE_LINES) {
        terminal.out().println("    ...");
      }
      terminal.out().println();
    }
  }

  /** Prints what to do with the dataset. */
  void next() {
    String output = PythonText.shell(Home.shown(job.output()));
    String tokenizer =
        launch.tokenizer().isEmpty() ? "" : " --tokenizer=" + PythonText.shell(launch.tokenizer());
    terminal.out().printf("%nnext:%n");
    String command = System.getProperty("millrace.command", "millrace");
    terminal.out().printf("    %s verify %s%n", command, output);
    terminal.out().printf("    %s inspect %s --sample=1%s%n", command, output, tokenizer);
    terminal.out().flush();
  }
}
