package org.millrace.runners;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.millrace.io.npy.DocumentChunks;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.TokenDigest;
import org.millrace.io.verify.Checked;
import org.millrace.io.verify.DatasetVerifier;
import org.millrace.io.verify.FolderVerifier;
import org.millrace.io.verify.StoredDataset;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a dataset, or files of any of the formats. */
@Command(
    name = "verify",
    description = {
      "Check a dataset: every file's size, hash, structure, counts and token ids, the sums of the"
          + " manifest, the ledger, and that no file is missing or too many.",
      "",
      "Without a manifest, whoever wrote the files: every npy, Megatron, HDF5 and MDS file is"
          + " checked as far as it says itself what is right.",
      "",
      "Says what is wrong and where; exit status 0 when nothing is, else 1."
    })
final class VerifyCommand implements Callable<Integer> {

  /** Of more parts of one format only the sum is shown. */
  private static final int PARTS_SHOWN = 24;

  private final Terminal terminal;

  @Parameters(paramLabel = "PATH", description = "A folder, a file, or a Megatron-LM prefix.")
  private String path = "";

  @Option(
      names = "--vocabulary-size",
      paramLabel = "N",
      description = "Every token id must be below it. Default: what the manifest says.")
  private Optional<Long> vocabularySize = Optional.empty();

  @Option(
      names = "--tokenizer",
      paramLabel = "PATH",
      description = "A tokenizer.json with the vocabulary of the token ids.")
  private String tokenizer = "";

  @Option(
      names = "--same-tokens",
      description =
          "Without a manifest: all formats in the folder must hold the same tokens in the same"
              + " samples. With one this is always checked.")
  private boolean sameTokens;

  @Option(
      names = "--chunks",
      paramLabel = "N",
      description =
          "Tell also how many documents, and chunks of N tokens within documents, npy files have by"
              + " domain; what cepe-tokenize has made is always counted, by 4096.")
  private Optional<Integer> chunks = Optional.empty();

  VerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    StoredFolder folder = StoredPaths.list(path);
    Optional<StoredDataset> dataset = StoredDataset.in(folder);
    if (chunks.isPresent() && chunks.get() < 1) {
      throw new UsageException("--chunks is " + chunks.get() + ", must be 1 or more");
    }
    int status = verify(folder, dataset);
    boolean counted = dataset.map(found -> ChunkTable.isMeantFor(found.manifest())).orElse(false);
    if (status == ExitStatus.DONE && (counted || chunks.isPresent())) {
      int length = chunks.orElse(DocumentChunks.STANDARD_LENGTH);
      terminal.out().printf("%n%s", ChunkTable.of(folder, length));
    }
    return status;
  }

  private int verify(StoredFolder folder, Optional<StoredDataset> dataset) throws IOException {
    return dataset.isPresent()
        ? sealed(dataset.get(), vocabulary(dataset.get().manifest().header().tokenizer()))
        : foreign(folder, vocabulary(ManifestHeader.Tokenizer.UNKNOWN));
  }

  /** Checks a dataset that has just been made. */
  static int verify(Terminal terminal, String folder) throws IOException {
    VerifyCommand command = new VerifyCommand(terminal);
    command.path = folder;
    StoredDataset dataset = StoredDataset.open(Home.absolute(folder));
    return command.sealed(dataset, command.vocabulary(dataset.manifest().header().tokenizer()));
  }

  private long vocabulary(ManifestHeader.Tokenizer known) throws IOException {
    if (vocabularySize.isPresent()) {
      if (vocabularySize.get() < 1) {
        throw new UsageException(
            "--vocabulary-size is " + vocabularySize.get() + ", must be 1 or more");
      }
      return vocabularySize.get();
    }
    if (!tokenizer.isEmpty()) {
      try (Tokenizer opened = TokenizerSpec.of(Home.absolute(tokenizer), false).open()) {
        return opened.vocabularySize();
      }
    }
    return known.isKnown() ? known.vocabularySize() : Long.MAX_VALUE;
  }

  private int sealed(StoredDataset dataset, long vocabulary) throws IOException {
    Findings findings = new Findings();
    List<Checked> checked = DatasetVerifier.verify(dataset, vocabulary, findings);
    Manifest manifest = dataset.manifest();
    int files = manifest.outputs().stream().mapToInt(output -> output.files().size()).sum();
    return close(
        checked,
        vocabulary,
        findings,
        Amounts.of(files, "file is", "files are")
            + " as the manifest says, and the ledger"
            + " balances");
  }

  private int foreign(StoredFolder folder, long vocabulary) throws IOException {
    Findings findings = new Findings();
    List<Checked> checked = FolderVerifier.verify(folder, vocabulary, sameTokens, findings);
    if (checked.isEmpty() && findings.count == 0) {
      throw StoredPaths.nothing(path);
    }
    int shards = checked.stream().mapToInt(Checked::shards).sum();
    return close(
        checked,
        vocabulary,
        findings,
        Amounts.of(shards, "shard is", "shards are") + " whole; there is no manifest to tell more");
  }

  private int close(List<Checked> checked, long vocabulary, Findings findings, String sound) {
    for (Checked each : shown(checked)) {
      terminal
          .out()
          .printf(
              "%s: %s, %s, %s%s%n",
              each.name(),
              Amounts.of(each.shards(), "shard", "shards"),
              Amounts.of(each.samples(), "sample", "samples"),
              Amounts.of(each.digest().tokens(), "token", "tokens"),
              each.whole() ? "" : " that could be read");
    }
    if (vocabulary == Long.MAX_VALUE) {
      terminal
          .out()
          .println(
              "token ids were not compared with a vocabulary: give --vocabulary-size=N or"
                  + " --tokenizer=PATH");
    }
    boolean good = findings.count == 0;
    terminal
        .out()
        .printf(
            "%s: %s%n",
            Home.shown(path),
            good
                ? "sound: " + sound
                : "damaged: " + Amounts.of(findings.count, "finding", "findings"));
    return good ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  /** Of a format in many parts only the sum. */
  private static List<Checked> shown(List<Checked> checked) {
    Map<String, List<Checked>> byFormat =
        checked.stream()
            .collect(
                Collectors.groupingBy(Checked::format, LinkedHashMap::new, Collectors.toList()));
    List<Checked> shown = new ArrayList<>();
    for (List<Checked> each : byFormat.values()) {
      if (each.size() > PARTS_SHOWN) {
        shown.add(
            new Checked(
                each.get(0).format(),
                "*",
                each.stream().mapToInt(Checked::shards).sum(),
                each.stream().mapToLong(Checked::samples).sum(),
                each.stream().map(Checked::digest).reduce(TokenDigest.EMPTY, TokenDigest::then),
                each.stream().allMatch(Checked::whole)));
      } else {
        shown.addAll(each);
      }
    }
    return shown;
  }

  /** Prints what is wrong as it is found. */
  private final class Findings implements Consumer<Finding> {
    private long count;

    @Override
    public void accept(Finding finding) {
      count++;
      terminal.out().println(PlainText.of(finding.toString()));
    }
  }
}
