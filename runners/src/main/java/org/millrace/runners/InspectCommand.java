package org.millrace.runners;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.millrace.io.column.Column;
import org.millrace.io.shard.Manifest;
import org.millrace.io.verify.StoredDataset;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a dataset is, and its samples as text. */
@Command(
    name = "inspect",
    description = "Show a dataset's manifest as tables, or a sample of it as text.")
final class InspectCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "DIR", description = "The folder with the manifest.json.")
  private String folder = "";

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "The sample to show, from 0, counted over all shards in their order.")
  private Optional<Long> sample = Optional.empty();

  @Option(
      names = "--tokenizer",
      paramLabel = "PATH",
      description =
          "The tokenizer.json that the dataset was made with; not needed for that of quickstart.")
  private String tokenizer = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "2000",
      description = "How many characters of a document to show. Default: ${DEFAULT-VALUE}.")
  private int limit = 2000;

  InspectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    StoredDataset dataset = StoredDataset.open(Home.absolute(folder));
    if (sample.isEmpty()) {
      DatasetText text = new DatasetText(dataset.manifest());
      terminal.out().print(text.summary());
      terminal.out().printf("%n%s%n%s%n%s", text.steps(), text.sources(), text.files());
      return ExitStatus.DONE;
    }
    for (Manifest.Output output : dataset.manifest().outputs()) {
      showSample(dataset, output, sample.get());
    }
    return ExitStatus.DONE;
  }

  private void showSample(StoredDataset dataset, Manifest.Output output, long number)
      throws IOException {
    if (number < 0 || number >= output.samples()) {
      throw new UsageException(
          "--sample is " + number + ", must be in 0.." + (output.samples() - 1));
    }
    TokenIds ids = dataset.sample(output, number).ids(Column.TOKENS, "sample " + number);
    Manifest manifest = dataset.manifest();
    terminal
        .out()
        .printf(
            "%s, sample %d of %s: %s%n",
            output.format(),
            number,
            Amounts.count(output.samples()),
            Amounts.of(ids.length(), "token", "tokens"));
    Optional<TokenizerSpec> spec =
        TokenizerFinder.find(tokenizer.isEmpty() ? "" : Home.absolute(tokenizer), manifest);
    if (spec.isEmpty()) {
      terminal.out().println("ids " + ids);
      terminal
          .out()
          .printf(
              "--tokenizer=PATH shows it as text; it needs the tokenizer %s.%n",
              manifest.header().tokenizer().name());
      return;
    }
    try (Tokenizer opened = spec.get().open()) {
      OptionalInt end = TokenizerFinder.endOfText(manifest, opened);
      new SampleText(opened, end).lines(ids, limit).forEach(terminal.out()::println);
      terminal.out().println(boundaries(end, opened));
    }
  }

  private static String boundaries(OptionalInt end, Tokenizer tokenizer) {
    return end.isPresent()
        ? String.format(
            "(documents are told apart by the token %s, id %d; the format itself keeps no"
                + " boundaries)",
            tokenizer.tokenOf(end.getAsInt()).orElse("?"), end.getAsInt())
        : "(the recipe adds no end-of-text, so that documents cannot be told apart)";
  }
}
