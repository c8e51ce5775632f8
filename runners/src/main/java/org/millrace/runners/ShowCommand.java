package org.millrace.runners;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows a recipe with all its defaults and what they mean. */
@Command(
    name = "show",
    description = {
      "Show a recipe as YAML, with every default filled in and a comment on every key.",
      "",
      "To begin a recipe of your own: millrace show pretrain > mine.yaml"
    })
final class ShowCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private RecipeOptions recipe;

  ShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    terminal.out().print(recipe.resolve().yaml());
    return ExitStatus.DONE;
  }
}
