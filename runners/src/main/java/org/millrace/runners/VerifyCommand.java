package org.millrace.runners;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "verify", description = "Verify.")
final class VerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

  VerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.out().println("Verify");
    return ExitStatus.DONE;
  }
}
