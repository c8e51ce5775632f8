package org.millrace.runners;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "inspect", description = "Inspect.")
final class InspectCommand implements Callable<Integer> {
  private final Terminal terminal;

  InspectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.out().println("Inspect");
    return ExitStatus.DONE;
  }
}
