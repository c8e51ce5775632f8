package org.millrace.transforms.logits;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.equalTo;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExponentialTest {

  @Test
  void isAsNearAsSinglePrecisionCanTell() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 1_000_000; i++) {
      double x = -700 * Math.pow(random.nextDouble(), 3);
      double expected = StrictMath.exp(x);
      assertThat("e^" + x, Exponential.of(x) / expected, closeTo(1, 1e-10));
    }
  }

  @Test
  void isExactAtItsEnds() {
    assertThat(Exponential.of(0), equalTo(1.0));
    assertThat(Exponential.of(-0.0), equalTo(1.0));
    assertThat(Exponential.of(-700.001), equalTo(0.0));
    assertThat(Exponential.of(-Float.MAX_VALUE), equalTo(0.0));
  }
}
