package org.millrace.io.python;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Python that has the modules asked for: the independent reader of the files that tests write.
 */
public final class Python {

  // Debian's Python first: its packages do not show in another one that comes earlier on the PATH.
  private static final List<String> CANDIDATES = List.of("/usr/bin/python3", "python3");

  private final String interpreter;

  private Python(String interpreter) {
    this.interpreter = interpreter;
  }

  /**
   * Finds one, or skips the test that asks for it.
   *
   * @param modules what it must be able to import, as "numpy"
   */
  public static Python orSkip(String... modules) throws IOException, InterruptedException {
    for (String candidate : CANDIDATES) {
      if (canImport(candidate, modules)) {
        return new Python(candidate);
      }
    }
    String names = String.join(", ", modules);
    assumeTrue(false, "no Python with " + names + " here: install Debian's packages python3-*");
    throw new AssertionError("unreachable");
  }

  /**
   * What a script prints.
   *
   * @param script Python; finds its arguments in {@code sys.argv[1:]}
   * @throws AssertionError with what it printed as errors, when it fails
   */
  public String run(String script, Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(interpreter, "-c", script));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Run run = new Run(command);
    if (run.exitStatus != 0) {
      throw new AssertionError("Python ended with " + run.exitStatus + ": " + run.errors);
    }
    return run.output;
  }

  private static boolean canImport(String interpreter, String... modules)
      throws InterruptedException {
    String script = modules.length == 0 ? "" : "import " + String.join(", ", modules);
    try {
      return new Run(List.of(interpreter, "-c", script)).exitStatus == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  private static final class Run {
    private final int exitStatus;
    private final String output;
    private final String errors;

    Run(List<String> command) throws IOException, InterruptedException {
      Path errorFile = Files.createTempFile("python", ".err");
      try {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        Process process = builder.redirectError(errorFile.toFile()).start();
        process.getOutputStream().close();
        output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        exitStatus = process.waitFor();
        errors = Files.readString(errorFile);
      } finally {
        Files.delete(errorFile);
      }
    }
  }
}
