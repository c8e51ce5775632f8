package org.millrace.io.column;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.python.Python;
import org.millrace.transforms.data.Half;

class HalfTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0000",
    "-0.0, 8000",
    "1, 3c00",
    "0.333333333333333333, 3555",
    "65504, 7bff",
    "65519.99, 7bff",
    "65520, 7c00",
    "2049, 6800", // a tie, to even
    "2051, 6802",
    "6.103515625e-5, 0400",
    "5.9604644775390625e-8, 0001",
    "2.98023223876953125e-8, 0000", // half of the smallest: a tie
    "2.9802322387695320e-8, 0001",
    "-Infinity, fc00",
    "NaN, 7e00"
  })
  void roundsToTheNearest(double value, String hex) {
    assertThat(Half.of(value), equalTo((short) Integer.parseInt(hex, 16)));
  }

  @Test
  void givesBackAllValues() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      double value = Half.value((short) bits);
      if (!Double.isNaN(value)) {
        assertThat(Half.of(value), equalTo((short) bits));
      }
    }
  }

  @Test
  void agreesWithNumpy() throws IOException, InterruptedException {
    Python python = Python.orSkip("numpy");
    long seed = 6;
    SplittableRandom random = new SplittableRandom(seed);
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      // Around the middle of two halves, by a little less than a float could tell.
      double half = Half.value((short) random.nextInt(0x7C00));
      double next = Half.value(Half.of(Math.nextUp(half) + Math.ulp((float) half)));
      values.add((half + next) / 2 * (1 + (random.nextInt(3) - 1) * 0x1p-50));
      values.add(Math.scalb(random.nextDouble() - 0.5, random.nextInt(48) - 30));
    }

    String expected =
        python.run(
            "import numpy, sys\n"
                + "for v in sys.argv[1:]: print(numpy.float16(float(v)).view(numpy.uint16))",
            values.toArray());

    List<String> lines = expected.lines().toList();
    for (int i = 0; i < values.size(); i++) {
      int got = Half.of((double) values.get(i)) & 0xFFFF;
      assertThat("seed " + seed + ", " + values.get(i), "" + got, equalTo(lines.get(i)));
    }
  }
}
