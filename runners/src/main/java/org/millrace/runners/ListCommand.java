package org.millrace.runners;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.millrace.pipelines.Datasets;
import org.millrace.pipelines.recipe.Recipe;
import picocli.CommandLine.Command;

/** Lists the bundled recipes. */
@Command(name = "list", description = "List the bundled recipes.")
final class ListCommand implements Callable<Integer> {

  private final Terminal terminal;

  ListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    TextTable table = TextTable.of("RECIPE", "PIPELINE", "WHAT IT MAKES");
    for (String name : Datasets.bundledRecipes()) {
      Recipe<?> recipe = Datasets.recipe(name, List.of());
      table.row(name, recipe.pipeline(), recipe.description());
    }
    terminal.out().print(table.text());
    terminal.out().println();
    terminal.out().println("millrace show RECIPE explains each of its keys.");
    return ExitStatus.DONE;
  }
}
