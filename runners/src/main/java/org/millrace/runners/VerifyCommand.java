package org.millrace.runners;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.millrace.io.shard.Manifest;
import org.millrace.io.stored.Finding;
import org.millrace.io.verify.DatasetVerifier;
import org.millrace.io.verify.StoredDataset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks a dataset. */
@Command(
    name = "verify",
    description = {
      "Check a dataset: every file's size, hash, structure, counts and token ids, the sums of the"
          + " manifest, the ledger, and that no file is missing or too many. Says what is wrong and"
          + " where; exit status 0 when nothing is, else 1."
    })
final class VerifyCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "DIR", description = "The folder with the manifest.json.")
  private String folder = "";

  VerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    return verify(terminal, folder);
  }

  static int verify(Terminal terminal, String folder) throws IOException {
    StoredDataset dataset = StoredDataset.open(Home.absolute(folder));
    List<Finding> findings = DatasetVerifier.verify(dataset);
    findings.forEach(finding -> terminal.out().println(finding));
    Manifest manifest = dataset.manifest();
    int files = manifest.outputs().stream().mapToInt(output -> output.files().size()).sum();
    if (findings.isEmpty()) {
      terminal
          .out()
          .printf(
              "%s: sound: %s as the manifest says, and the ledger balances%n",
              Home.shown(folder), Amounts.of(files, "file is", "files are"));
      return ExitStatus.DONE;
    }
    terminal
        .out()
        .printf(
            "%s: damaged: %s%n",
            Home.shown(folder), Amounts.of(findings.size(), "finding", "findings"));
    return ExitStatus.FAILED;
  }
}
