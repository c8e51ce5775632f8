package org.millrace.runners;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.millrace.io.column.DType;
import org.millrace.io.convert.Conversion;
import org.millrace.io.convert.ConversionSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns datasets into a dataset of another format or of other shards. */
@Command(
    name = "convert",
    description = {
      "Turn token shards of any format into another format, or cut or merge them. The sources may"
          + " be datasets of Millrace, or npy, Megatron, HDF5 and MDS files of anyone. What is"
          + " written is read again and compared before it counts.",
      "",
      "  millrace convert out --to=megatron --output=out-megatron --shards=1",
      "  millrace convert arxiv-0,arxiv-1 --to=mds --output=arxiv --set=mds.compression=zstd:7"
    },
    footer = {
      "",
      "Options of the formats, given by --set:",
      "  megatron.prefix (shard), megatron.key (text), megatron.part_bytes (0)",
      "  hdf5.gzip_level (4), hdf5.rows_per_file (0), hdf5.naming (data | examples)",
      "  mds.compression (none), mds.hashes (none), mds.size_limit (67108864),",
      "  mds.samples_per_shard (0)"
    })
final class ConvertCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      paramLabel = "SRC",
      description =
          "A folder, a file or a Megatron-LM prefix; or several with commas between, whose samples"
              + " follow one another.")
  private String source = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "npy|megatron|hdf5|mds",
      description = "The format to write.")
  private String to = "";

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The folder of the new dataset.")
  private String output = "";

  @Option(
      names = "--from",
      paramLabel = "FORMAT",
      description = "The format to read, where the source holds several.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--shards",
      paramLabel = "N",
      description =
          "Cut into N shards of as many samples each; 1 merges all. Default: as in the source.")
  private Optional<Integer> shards = Optional.empty();

  @Option(
      names = "--column",
      paramLabel = "NAME",
      description =
          "The column with the token ids. Default: tokens, token_ids, input_ids, or the only array"
              + " of whole numbers.")
  private Optional<String> column = Optional.empty();

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "The type of the token ids, as uint16 or int32. Default: that of the source where the"
              + " format holds it, else the narrowest that does.")
  private Optional<String> dtype = Optional.empty();

  @Option(
      names = "--layout",
      paramLabel = "sequences|documents",
      description =
          "Whether samples are all of one length. Default: what the source says of itself.")
  private Optional<String> layout = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "FORMAT.KEY=VALUE",
      description = "An option of the format, see below. May be given several times.")
  private List<String> set = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many shards are written at a time. Default: one for each processor.")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--overwrite",
      description = "Delete what is in the output, if Millrace wrote it. Default: refuse.")
  private boolean overwrite;

  ConvertCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    List<String> sources = List.of(source.split(",", -1)).stream().map(Home::absolute).toList();
    OutputFolder folder = new OutputFolder(Home.absolute(output));
    folder.refuseWithin(sources);
    folder.refuseAround(sources);
    Conversion conversion = plan(sources);
    folder.claim(overwrite);
    folder.refuseUnwritable();
    terminal
        .out()
        .printf(
            "%s of %s (%s) to %s of %s in %s%n",
            Amounts.of(conversion.samples(), "sample", "samples"),
            String.join(", ", conversion.from()),
            Amounts.bytes(conversion.bytes()),
            Amounts.of(conversion.shards(), "shard", "shards"),
            to,
            Home.shown(Home.absolute(output)));
    terminal.out().flush();
    long start = System.nanoTime();
    Conversion.Result result = run(conversion);
    return report(conversion, result, (System.nanoTime() - start) / 1e9);
  }

  /** What is wrong before anything is written is a matter of usage. */
  private Conversion plan(List<String> sources) throws IOException {
    try {
      return Conversion.plan(settings(sources));
    } catch (IllegalArgumentException | FileNotFoundException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  private ConversionSettings settings(List<String> sources) {
    ConversionSettings settings = ConversionSettings.of(sources, to, Home.absolute(output));
    settings = from.map(settings::withFrom).orElse(settings);
    settings = shards.map(settings::withShards).orElse(settings);
    settings = column.map(settings::withColumn).orElse(settings);
    settings = dtype.map(ConvertCommand::dtype).map(settings::withDtype).orElse(settings);
    settings = layout.map(ConvertCommand::layout).map(settings::withLayout).orElse(settings);
    settings = threads.map(settings::withThreads).orElse(settings);
    for (String option : set) {
      int equals = option.indexOf('=');
      if (equals < 1) {
        throw new UsageException("--set=" + option + ": must be FORMAT.KEY=VALUE");
      }
      settings = settings.withOption(option.substring(0, equals), option.substring(equals + 1));
    }
    return settings;
  }

  private static DType dtype(String label) {
    return DType.ofLabel(label)
        .orElseThrow(
            () ->
                new UsageException("--dtype is " + label + ", must be uint16, int32 or the like"));
  }

  private static ConversionSettings.Layout layout(String name) {
    for (ConversionSettings.Layout layout : ConversionSettings.Layout.values()) {
      if (layout.name().toLowerCase(Locale.ROOT).equals(name)) {
        return layout;
      }
    }
    throw new UsageException("--layout is " + name + ", must be sequences or documents");
  }

  private Conversion.Result run(Conversion conversion) throws IOException {
    ProgressSnapshot start = ProgressSnapshot.now();
    ProgressDisplay display =
        ProgressDisplay.start(
            terminal, () -> line(conversion, ProgressSnapshot.now().since(start)));
    try (display) {
      return conversion.run();
    }
  }

  static String line(Conversion conversion, ProgressSnapshot done) {
    if (done.samples() >= conversion.samples()) {
      return "all written; reading it again";
    }
    double seconds = Math.max(1e-3, done.seconds());
    return String.join(
        " | ",
        (int) (100.0 * done.samples() / conversion.samples()) + " % written",
        Amounts.rate(done.samples() / seconds) + " samples/s",
        Amounts.rate(done.tokens() / seconds) + " tokens/s",
        done.shards() + " of " + conversion.shards() + " shards");
  }

  private int report(Conversion conversion, Conversion.Result result, double seconds) {
    String shown = Home.shown(Home.absolute(output));
    if (!result.findings().isEmpty()) {
      result.findings().forEach(each -> terminal.out().println(PlainText.of(each.toString())));
      terminal
          .out()
          .printf(
              "%s: damaged: what was written is not what was read; it has no manifest%n", shown);
      return ExitStatus.FAILED;
    }
    terminal
        .out()
        .printf(
            "done in %s: %s, %s, %s written, %s/s%n",
            Amounts.duration(Math.max(1, Math.round(seconds))),
            Amounts.of(result.samples(), "sample", "samples"),
            Amounts.of(result.tokens(), "token", "tokens"),
            Amounts.bytes(result.bytes()),
            Amounts.byteRate(conversion.bytes() / Math.max(1e-3, seconds)));
    result
        .notKept()
        .ifPresent(lost -> terminal.out().printf("not kept by %s: %s%n", to, PlainText.of(lost)));
    terminal.out().printf("%s: sound: read again, the tokens are those of the source%n", shown);
    return ExitStatus.DONE;
  }
}
