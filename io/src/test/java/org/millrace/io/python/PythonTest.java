package org.millrace.io.python;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class PythonTest {

  @Test
  void givesWhatAScriptPrints() throws Exception {
    String script = "import sys, numpy; print(numpy.arange(int(sys.argv[1])), sys.argv[2], end='')";

    String printed = Python.orSkip("numpy").run(script, 3, "é");

    assertThat(printed, equalTo("[0 1 2] é"));
  }

  @Test
  void saysWhatAFailingScriptSays() throws Exception {
    Python python = Python.orSkip("numpy");

    AssertionError error =
        assertThrows(AssertionError.class, () -> python.run("raise ValueError('why')"));

    assertThat(error.getMessage(), containsString("ValueError: why"));
  }

  @Test
  void skipsWhereAModuleIsMissing() {
    TestAbortedException skipped =
        assertThrows(TestAbortedException.class, () -> Python.orSkip("sys", "no_such_module"));

    assertThat(skipped.getMessage(), containsString("sys, no_such_module"));
  }
}
