package org.millrace.runners;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.millrace.io.shard.Manifest;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.verify.FormatShards;
import org.millrace.io.verify.StoredDataset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a dataset is, and its samples as text. */
@Command(
    name = "inspect",
    description = {
      "Show what a dataset is, or a sample of it as text: its manifest as tables, and, of npy,"
          + " Megatron, HDF5 and MDS files without one, what they say themselves."
    })
final class InspectCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "PATH", description = "A folder, a file, or a Megatron-LM prefix.")
  private String path = "";

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "The sample to show, from 0, counted over all shards in their order.")
  private Optional<Long> sample = Optional.empty();

  @Option(
      names = "--part",
      paramLabel = "NAME",
      description = "The part that --sample counts in, as train/arxiv. Default: the first.")
  private Optional<String> part = Optional.empty();

  @Option(
      names = "--tokenizer",
      paramLabel = "PATH",
      description =
          "The tokenizer.json that the dataset was made with; not needed for that of quickstart.")
  private String tokenizer = "";

  @Option(
      names = "--unfim",
      arity = "0..1",
      paramLabel = "PRE,MID,SUF",
      fallbackValue = "",
      description = {
        "Show texts that were permuted for fill-in-the-middle as they were before. The ids of the"
            + " sentinels are only needed where no manifest says them, as 32000,32001,32002."
      })
  private Optional<String> unfim = Optional.empty();

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
    StoredFolder folder = StoredPaths.list(path);
    Optional<StoredDataset> dataset = StoredDataset.in(folder);
    return dataset.isPresent() ? sealed(dataset.get()) : foreign(folder);
  }

  private int sealed(StoredDataset dataset) throws IOException {
    if (sample.isEmpty()) {
      DatasetText text = new DatasetText(dataset.manifest());
      terminal.out().print(text.summary());
      terminal.out().printf("%n%s%n%s%n%s", text.steps(), text.sources(), text.files());
      if (!text.reports().isEmpty()) {
        terminal.out().printf("%n%s", text.reports());
      }
      return ExitStatus.DONE;
    }
    SampleView view = view(Optional.of(dataset.manifest()));
    for (Manifest.Output output : ofPart(dataset.manifest())) {
      long number = checked(output.samples());
      view.show(output.folder(), dataset.sample(output, number), number, output.samples());
    }
    return ExitStatus.DONE;
  }

  /** The part that is asked for, or the first one that has samples, in all its formats. */
  private List<Manifest.Output> ofPart(Manifest manifest) {
    List<String> parts = manifest.outputs().stream().map(Manifest.Output::part).distinct().toList();
    if (part.isPresent() && !parts.contains(part.get())) {
      throw new UsageException(
          "--part is "
              + part.get()
              + (parts.equals(List.of(""))
                  ? ", but the dataset has no parts"
                  : ", must be one of " + String.join(", ", parts)));
    }
    String shown =
        part.orElseGet(
            () ->
                manifest.outputs().stream()
                    .filter(output -> output.samples() > 0)
                    .findFirst()
                    .map(Manifest.Output::part)
                    .orElse(parts.get(0)));
    return manifest.outputs().stream().filter(output -> output.part().equals(shown)).toList();
  }

  private int foreign(StoredFolder folder) throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<FormatShards> formats = FormatShards.find(folder, findings::add);
    if (formats.isEmpty() && findings.isEmpty()) {
      throw StoredPaths.nothing(path);
    }
    List<String> problems = new ArrayList<>(findings.stream().map(Finding::toString).toList());
    for (FormatShards format : formats) {
      if (sample.isPresent()) {
        long samples = format.samples();
        long number = checked(samples);
        view(Optional.empty()).show(format.format().name(), format.sample(number), number, samples);
      } else {
        ForeignText text = ForeignText.of(format);
        terminal.out().printf("%s%n%s", text.summary(), text.files());
        problems.addAll(text.problems());
      }
    }
    problems.forEach(problem -> terminal.out().println("damaged: " + PlainText.of(problem)));
    return problems.isEmpty() ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private SampleView view(Optional<Manifest> manifest) throws IOException {
    return new SampleView(
        terminal,
        manifest,
        tokenizer.isEmpty() ? "" : Home.absolute(tokenizer),
        limit,
        sentinels(manifest),
        unfim.isPresent());
  }

  private Optional<StoredSentinels> sentinels(Optional<Manifest> manifest) throws IOException {
    Optional<StoredSentinels> stored =
        manifest.isPresent() ? StoredSentinels.of(manifest.get()) : Optional.empty();
    if (unfim.isEmpty() || (unfim.get().isEmpty() && stored.isPresent())) {
      return stored;
    }
    if (!unfim.get().matches("[0-9]{1,8},[0-9]{1,8},[0-9]{1,8}")) {
      throw new UsageException(
          unfim.get().isEmpty()
              ? "--unfim: no manifest says which tokens are the sentinels; give their ids, as"
                  + " --unfim=32000,32001,32002 for prefix, middle, suffix"
              : "--unfim is "
                  + unfim.get()
                  + ", must be the ids of prefix, middle and suffix, as 32000,32001,32002");
    }
    String[] ids = unfim.get().split(",", -1);
    try {
      return Optional.of(
          StoredSentinels.of(
              Integer.parseInt(ids[0]), Integer.parseInt(ids[1]), Integer.parseInt(ids[2])));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--unfim: " + e.getMessage());
    }
  }

  private long checked(long samples) {
    long number = sample.orElse(0L);
    if (number < 0 || number >= samples) {
      throw new UsageException("--sample is " + number + ", must be in 0.." + (samples - 1));
    }
    return number;
  }
}
