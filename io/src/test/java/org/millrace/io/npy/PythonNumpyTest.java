package org.millrace.io.npy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PythonNumpyTest {

  @Test
  void givesWhatAScriptPrints() throws Exception {
    String script = "import sys, numpy; print(numpy.arange(int(sys.argv[1])), sys.argv[2], end='')";

    String printed = PythonNumpy.orSkip().run(script, 3, "é");

    assertThat(printed, equalTo("[0 1 2] é"));
  }

  @Test
  void saysWhatAFailingScriptSays() throws Exception {
    PythonNumpy python = PythonNumpy.orSkip();

    AssertionError error =
        assertThrows(AssertionError.class, () -> python.run("raise ValueError('why')"));

    assertThat(error.getMessage(), containsString("ValueError: why"));
  }
}
