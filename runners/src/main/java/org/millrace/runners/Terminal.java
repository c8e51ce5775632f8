package org.millrace.runners;

import java.io.PrintStream;
import java.util.Map;

/**
 * Where a command prints.
 *
 * @param out for what was asked for
 * @param err for errors and progress
 * @param live whether a line on {@code err} may be written over again and again
 * @param colour whether escape sequences for colour are welcome
 * @param columns the width to keep to
 * @param debug whether stack traces are wanted
 */
record Terminal(
    PrintStream out, PrintStream err, boolean live, boolean colour, int columns, boolean debug) {

  private static final int DEFAULT_COLUMNS = 100;

  /**
   * A terminal as the environment describes it.
   *
   * @param interactive whether a person is looking on
   */
  static Terminal of(
      PrintStream out, PrintStream err, Map<String, String> environment, boolean interactive) {
    boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
    // no-color.org: any value that is not empty turns colour off.
    boolean colourless = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean debug = !environment.getOrDefault("MILLRACE_DEBUG", "").isEmpty();
    String columns = environment.getOrDefault("COLUMNS", "");
    return new Terminal(
        out,
        err,
        interactive && !dumb,
        interactive && !dumb && !colourless,
        columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : DEFAULT_COLUMNS,
        debug);
  }

  Terminal withDebug(boolean wanted) {
    return new Terminal(out, err, live, colour, columns, debug || wanted);
  }
}
