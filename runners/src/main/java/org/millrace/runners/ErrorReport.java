package org.millrace.runners;

import java.util.ArrayList;
import java.util.List;
import org.millrace.pipelines.recipe.RecipeException;

/**
 * An error in the form in which people read it: what failed and why, without a stack trace.
 *
 * @param status the exit status
 * @param lines the message
 * @param error what happened
 */
record ErrorReport(int status, List<String> lines, Throwable error) {

  static ErrorReport of(Throwable error) {
    Throwable cause = root(error);
    if (cause instanceof RecipeException recipe) {
      return new ErrorReport(ExitStatus.USAGE, recipe.problems(), error);
    }
    int status = cause instanceof UsageException ? ExitStatus.USAGE : ExitStatus.FAILED;
    return new ErrorReport(status, List.of(message(cause)), error);
  }

  /** Prints it. */
  int print(Terminal terminal) {
    String label = terminal.colour() ? "\u001b[1;31merror:\u001b[0m " : "error: ";
    lines.forEach(line -> terminal.err().println(label + line));
    if (terminal.debug()) {
      error.printStackTrace(terminal.err());
    } else if (status == ExitStatus.FAILED) {
      terminal.err().println("--debug shows where in the code it happened.");
    }
    return status;
  }

  /**
   * The cause that says most: the engines wrap an error in up to six of their own, of which some
   * say only that there was one.
   */
  static Throwable root(Throwable error) {
    Throwable cause = error;
    List<Throwable> seen = new ArrayList<>();
    while (cause.getCause() != null && !seen.contains(cause) && !speaks(cause)) {
      seen.add(cause);
      cause = cause.getCause();
    }
    return cause;
  }

  /** Whether an error is ours, and so says all that there is to say. */
  private static boolean speaks(Throwable error) {
    return error.getClass().getName().startsWith("org.millrace.");
  }

  private static String message(Throwable cause) {
    String text = cause.getMessage();
    boolean plain = speaks(cause) || cause.getClass() == java.io.IOException.class;
    if (text == null || text.isBlank()) {
      return cause.getClass().getSimpleName();
    }
    return plain
            || cause instanceof IllegalArgumentException
            || cause instanceof IllegalStateException
        ? text
        : cause.getClass().getSimpleName() + ": " + text;
  }
}
