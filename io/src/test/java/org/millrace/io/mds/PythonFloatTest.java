package org.millrace.io.mds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.python.Python;

class PythonFloatTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "0, 0.0",
    "-0.0, -0.0",
    "0.1, 0.1",
    "1e22, 1e+22",
    "1e16, 1e+16",
    "1e15, 1000000000000000.0",
    "123456789012345680, 1.2345678901234568e+17",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "-2.5e-7, -2.5e-07",
    "2e23, 2e+23",
    "5e-324, 5e-324",
    "2.2250738585072014e-308, 2.2250738585072014e-308",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "NaN, nan",
    "Infinity, inf",
    "-Infinity, -inf"
  })
  void writesNumbersAsPythonDoes(double value, String expected) {
    assertThat(PythonFloat.repr(value), equalTo(expected));
  }

  /** Among them all powers of two, above which doubles are farther apart than below. */
  @Test
  void agreesWithPython() throws IOException, InterruptedException {
    Python python = Python.orSkip();
    long seed = 5;
    SplittableRandom random = new SplittableRandom(seed);
    List<Double> values = new ArrayList<>();
    for (int exponent = -1074; exponent <= 1023; exponent++) {
      values.add(Math.scalb(1.0, exponent));
    }
    for (int i = 0; i < 20_000; i++) {
      values.add(Double.longBitsToDouble(random.nextLong()));
      values.add(random.nextInt(1_000_000) / 1000.0);
      values.add((double) random.nextLong());
    }
    Path file = folder.resolve("bits");
    Files.write(
        file, values.stream().map(v -> Long.toHexString(Double.doubleToRawLongBits(v))).toList());

    String expected =
        python.run(
            "import struct, sys\n"
                + "for line in open(sys.argv[1]):\n"
                + "  print(repr(struct.unpack('<d', int(line, 16).to_bytes(8, 'little'))[0]))",
            file);

    List<String> lines = expected.lines().toList();
    for (int i = 0; i < values.size(); i++) {
      assertThat("seed " + seed, PythonFloat.repr(values.get(i)), equalTo(lines.get(i)));
    }
  }
}
