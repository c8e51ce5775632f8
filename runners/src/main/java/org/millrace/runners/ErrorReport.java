package org.millrace.runners;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.flink.util.SerializedThrowable;
import org.millrace.io.shard.TooManyBadRecordsException;
import org.millrace.pipelines.datasets.TooFewWindowsException;
import org.millrace.pipelines.recipe.RecipeException;

/**
 * An error in the form in which people read it: what failed and why, without a stack trace.
 *
 * @param status the exit status
 * @param lines the message
 * @param error what happened
 */
record ErrorReport(int status, List<String> lines, Throwable error) {

  /** What engines wrap around an error without adding to it. */
  private static final Set<String> WRAPPERS =
      Set.of(
          "org.apache.beam.sdk.Pipeline$PipelineExecutionException",
          "org.apache.beam.sdk.util.UserCodeException",
          "org.apache.flink.client.program.ProgramInvocationException",
          "org.apache.flink.runtime.JobException",
          "org.apache.flink.runtime.client.JobExecutionException",
          "java.util.concurrent.CompletionException",
          "java.util.concurrent.ExecutionException");

  static ErrorReport of(Throwable error) {
    Throwable cause = root(error);
    if (cause instanceof RecipeException recipe) {
      return new ErrorReport(ExitStatus.USAGE, recipe.problems(), error);
    }
    return new ErrorReport(status(cause), List.of(message(cause) + hint(cause)), error);
  }

  private static int status(Throwable cause) {
    if (cause instanceof UsageException) {
      return ExitStatus.USAGE;
    }
    if (cause instanceof TooFewWindowsException) {
      return ExitStatus.INPUT_NOT_GOOD_ENOUGH;
    }
    return className(cause).equals(TooManyBadRecordsException.class.getName())
        ? ExitStatus.INPUT_NOT_GOOD_ENOUGH
        : ExitStatus.FAILED;
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

  /** The first cause that says something of its own. */
  private static Throwable root(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null && cause.getCause() != cause && isWrapper(cause)) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static boolean isWrapper(Throwable error) {
    String message = error.getMessage();
    return WRAPPERS.contains(className(error))
        || message == null
        || message.equals(error.getCause().toString())
        || (error.getClass() == RuntimeException.class && message.startsWith("Pipeline execution"));
  }

  /** A class that this process does not have comes as Flink's own, with its name. */
  private static String className(Throwable error) {
    return error instanceof SerializedThrowable serialized
        ? serialized.getOriginalErrorClassName()
        : error.getClass().getName();
  }

  private static String message(Throwable cause) {
    String text = cause.getMessage();
    String name = className(cause);
    String simple = name.substring(name.lastIndexOf('.') + 1);
    if (text == null || text.isBlank()) {
      return simple;
    }
    List<Class<?>> plain =
        Arrays.asList(
            IOException.class,
            FileNotFoundException.class,
            IllegalArgumentException.class,
            IllegalStateException.class);
    return name.startsWith("org.millrace.") || plain.contains(cause.getClass())
        ? text.replaceFirst("^\\Q" + name + "\\E: ", "")
        : simple + ": " + text;
  }

  /** What to do about errors that come from the machine. */
  private static String hint(Throwable cause) {
    String text = cause.toString();
    if (text.contains("OutOfMemoryError")) {
      return "; a larger heap may help: MILLRACE_HEAP=2g";
    }
    if (text.contains("No space left on device")) {
      return "; TMPDIR names another folder for what is sorted on disk";
    }
    return text.contains("Insufficient number of network buffers")
        ? "; fewer subtasks need fewer of them, as --parallelism=8; a worker of a cluster needs"
            + " 128 MB of network memory a slot, or taskmanager.network.sort-shuffle.min-buffers: 64"
            + " in its configuration"
        : "";
  }
}
