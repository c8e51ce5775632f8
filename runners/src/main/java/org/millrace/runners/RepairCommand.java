package org.millrace.runners;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.millrace.io.verify.DatasetRepair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes index files anew. */
@Command(
    name = "repair",
    description = {
      "Make index files anew from what they index: a Megatron .idx whose pointers or documents are"
          + " wrong, from its lengths (the old one is kept as .idx.damaged); an MDS index.json that"
          + " is lost, from the shards. Token files are never changed."
    })
final class RepairCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "PATH", description = "A folder, a file, or a Megatron-LM prefix.")
  private String path = "";

  RepairCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    DatasetRepair.Result result = DatasetRepair.of(StoredPaths.list(path));
    List<DatasetRepair.Action> actions = result.actions();
    if (actions.isEmpty()) {
      throw new UsageException(path + ": expected Megatron or MDS files, got none");
    }
    actions.forEach(action -> terminal.out().println(PlainText.of(action.toString())));
    terminal
        .out()
        .printf(
            "%s: %s%n",
            Home.shown(path),
            result.failed()
                ? "cannot be repaired"
                : result.changed() ? "repaired; millrace verify checks the rest" : "nothing to do");
    return result.failed() ? ExitStatus.FAILED : ExitStatus.DONE;
  }
}
