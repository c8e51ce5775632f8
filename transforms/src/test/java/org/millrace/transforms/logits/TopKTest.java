package org.millrace.transforms.logits;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopKTest {

  private static float[] values(int k, boolean logarithms, int[] ids, float... logits) {
    float[] values = new float[k + 1];
    new TopK(k, logarithms).of(logits, ids, 0, values, 0);
    return values;
  }

  @Test
  void givesProbabilitiesOfTheWholeVocabularyAndTheirRest() {
    int[] ids = new int[2];
    float ln2 = (float) Math.log(2);

    float[] values = values(2, false, ids, 0, 2 * ln2, ln2, 0);

    assertThat(ids, equalTo(new int[] {1, 2}));
    assertThat((double) values[0], closeTo(0.5, 1e-7));
    assertThat((double) values[1], closeTo(0.25, 1e-7));
    assertThat((double) values[2], closeTo(0.25, 1e-7));
  }

  @Test
  void givesLogarithmsWhereTheyAreWanted() {
    float ln2 = (float) Math.log(2);

    float[] values = values(2, true, new int[2], 100, 100 + 2 * ln2, 100 + ln2, 100);

    assertThat((double) values[0], closeTo(-ln2, 1e-5));
    assertThat((double) values[1], closeTo(-2 * ln2, 1e-5));
    assertThat((double) values[2], closeTo(-2 * ln2, 1e-5));
  }

  @Test
  void leavesNothingBesideAWholeVocabulary() {
    int[] ids = new int[3];

    assertThat(values(3, false, ids, 1, 3, 2)[3], equalTo(0f));
    assertThat(ids, equalTo(new int[] {1, 2, 0}));
    assertThat(values(3, true, ids, 1, 3, 2)[3], equalTo(Float.NEGATIVE_INFINITY));
  }

  @Test
  void takesTheSmallerIdOfEqualLogits() {
    int[] ids = new int[4];

    values(4, false, ids, 5, -0.0f, 7, 0, 7, 5, 0, 7);

    assertThat(ids, equalTo(new int[] {2, 4, 7, 0}));
    values(4, false, ids, -1, -0.0f, -1, 0, -2, -0.0f, -3);
    assertThat(ids, equalTo(new int[] {1, 3, 5, 0}));
  }

  @Test
  void holdsTheRestWhereAlmostNothingIsLeft() {
    // 1 - p would be 0 here.
    float[] values = values(1, false, new int[1], 0, -40, -40);

    assertThat(values[0], equalTo(1f));
    assertThat(values[1] / (2 * Math.exp(-40)), closeTo(1, 0.3));
  }

  @Test
  void bearsLogitsFarApart() {
    float[] values = values(2, false, new int[2], Float.MAX_VALUE, -Float.MAX_VALUE, 0);

    assertThat(values, equalTo(new float[] {1, 0, 0}));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesWhatIsNoNumber(float logit) {
    ArithmeticException error =
        assertThrows(ArithmeticException.class, () -> values(1, false, new int[1], 1, 2, logit, 3));

    assertThat(
        error.getMessage(), containsString("token 2: expected a finite number, got " + logit));
  }

  @Test
  void agreesWithASortOfAll() {
    SplittableRandom random = new SplittableRandom(17);
    for (int round = 0; round < 300; round++) {
      int vocabulary = 1 + random.nextInt(400);
      int k = 1 + random.nextInt(vocabulary);
      float[] logits = new float[vocabulary];
      for (int i = 0; i < vocabulary; i++) {
        // Few different numbers, so that many are equal.
        logits[i] = (float) (random.nextInt(20) - 10) / 2;
      }
      int[] expected =
          IntStream.range(0, vocabulary)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -logits[i]))
              .mapToInt(i -> i)
              .limit(k)
              .toArray();
      double sum = IntStream.range(0, vocabulary).mapToDouble(i -> Math.exp(logits[i])).sum();
      double kept = Arrays.stream(expected).mapToDouble(i -> Math.exp(logits[i])).sum();
      int[] ids = new int[k];

      float[] values = values(k, false, ids, logits);

      assertThat("round " + round, ids, equalTo(expected));
      for (int i = 0; i < k; i++) {
        assertThat((double) values[i], closeTo(Math.exp(logits[expected[i]]) / sum, 1e-7));
      }
      assertThat((double) values[k], closeTo(k == vocabulary ? 0 : 1 - kept / sum, 1e-7));
    }
  }
}
