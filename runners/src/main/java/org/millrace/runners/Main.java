package org.millrace.runners;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The launcher: {@code millrace VERB ...}.
 *
 * <p>Its exit status is 0 when all is done, 1 when something failed, 2 for a wrong command line,
 * recipe or environment, and 3 when a run met too many bad records and sealed no output.
 */
public final class Main {

  private Main() {}

  /** Runs a command line and ends the process. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    Terminal terminal = Terminal.of(out, err, System.getenv(), Boolean.getBoolean("millrace.live"));
    int status = run(terminal, args);
    out.flush();
    System.exit(status);
  }

  /**
   * Runs a command line.
   *
   * @return the exit status
   */
  static int run(Terminal terminal, String... args) {
    return CommandTree.of(terminal).execute(args);
  }

  /** As {@link #run(Terminal, String...)}, for tests. */
  static int run(PrintStream out, PrintStream err, List<String> args) {
    return run(Terminal.of(out, err, Map.of(), false), args.toArray(String[]::new));
  }
}
