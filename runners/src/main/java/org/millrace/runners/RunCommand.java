package org.millrace.runners;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "run", description = "Run.")
final class RunCommand implements Callable<Integer> {
  private final Terminal terminal;

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.out().println("Run");
    return ExitStatus.DONE;
  }
}
