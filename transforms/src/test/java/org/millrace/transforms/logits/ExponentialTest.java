package org.millrace.transforms.logits;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notANumber;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExponentialTest {

  private static double power(float value, float max) {
    return Exponential.sum(new float[] {value}, 0, 1, max);
  }

  @Test
  void isNearerThanSinglePrecisionCanTell() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 1_000_000; i++) {
      float max = (float) (random.nextDouble() * 200 - 100);
      float value = (float) (max - 700 * Math.pow(random.nextDouble(), 3));
      double expected = StrictMath.exp((double) value - max);
      assertThat(value + " - " + max, power(value, max) / expected, closeTo(1, 2e-8));
    }
  }

  @Test
  void isExactAtItsEnds() {
    assertThat(power(0, 0), equalTo(1.0));
    assertThat(power(-0f, 0), equalTo(1.0));
    assertThat(power(-700.01f, 0), equalTo(0.0));
    assertThat(power(-Float.MAX_VALUE, 0), equalTo(0.0));
    assertThat(power(-Float.MAX_VALUE, Float.MAX_VALUE), equalTo(0.0));
    assertThat(power(-Float.MAX_VALUE, -Float.MAX_VALUE), equalTo(1.0));
  }

  @Test
  void sumsRangesOfAnyLength() {
    float[] values = new float[40];
    Arrays.fill(values, 3);
    for (int from = 0; from < values.length; from++) {
      for (int to = from; to <= values.length; to++) {
        assertThat(Exponential.sum(values, from, to, 3), equalTo((double) (to - from)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY})
  void knowsWhatIsNoNumber(float odd) {
    assertThat(Exponential.sum(new float[] {1, 2, odd, 0, -1}, 0, 5, 2), notANumber());
    assertThat(Exponential.sum(new float[] {1, 2, 1, 0, odd}, 0, 5, 2), notANumber());
  }
}
