package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.util.UserCodeException;
import org.junit.jupiter.api.Test;

class ErrorReportTest {

  @Test
  void findsTheErrorWithinThoseOfEngines() {
    Throwable error =
        new RuntimeException(
            "Pipeline execution failed",
            new PipelineExecutionException(
                new ExecutionException(
                    UserCodeException.wrap(new IOException("a.gz: ends early", new Exception())))));

    ErrorReport report = ErrorReport.of(error);

    assertThat(report.status(), is(1));
    assertThat(report.lines(), is(List.of("a.gz: ends early")));
  }

  @Test
  void namesTheKindOfErrorsThatAreNotOurs() {
    assertThat(
        ErrorReport.of(new ArithmeticException("by zero")).lines(),
        is(List.of("ArithmeticException: by zero")));
    assertThat(
        ErrorReport.of(new ArithmeticException()).lines(), is(List.of("ArithmeticException")));
  }

  @Test
  void wrongUsageIsTwo() {
    assertThat(ErrorReport.of(new UsageException("no")).status(), is(2));
  }

  @Test
  void saysWhatToDoAboutTheMachine() {
    assertThat(
        ErrorReport.of(new OutOfMemoryError("Java heap space")).lines().get(0),
        containsString("MILLRACE_HEAP=2g"));
    assertThat(
        ErrorReport.of(new IOException("No space left on device")).lines().get(0),
        containsString("TMPDIR"));
    assertThat(
        ErrorReport.of(new IOException("Insufficient number of network buffers: required 512"))
            .lines()
            .get(0),
        containsString("taskmanager.network.sort-shuffle.min-buffers: 64"));
  }

  @Test
  void showsStackTracesOnlyWhenAsked() {
    IOException error = new IOException("broken");

    assertThat(printed(error, false), not(containsString("\tat ")));
    assertThat(printed(error, true), containsString("\tat "));
  }

  private static String printed(Throwable error, boolean debug) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    ErrorReport.of(error).print(Terminal.of(stream, stream, Map.of(), false).withDebug(debug));
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
