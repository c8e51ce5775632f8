package org.millrace.transforms.window;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotasTest {

  /** The published targets of CEPE: 35,000 for test, 2.5 million for training, 2 million a shard. */
  @ParameterizedTest
  @CsvSource({
    "arxiv, 0.025, 875, 62500, 50000",
    "book, 0.045, 1575, 112500, 90000",
    "c4-rp, 0.15, 5250, 375000, 300000",
    "cc, 0.67, 23450, 1675000, 1340000",
    "github, 0.045, 1575, 112500, 90000",
    "stackexchange, 0.02, 700, 50000, 40000",
    "wiki, 0.045, 1575, 112500, 90000"
  })
  void publishedTargets(String domain, BigDecimal weight, long test, long train, long retrieval) {
    assertThat(domain, Quotas.ofDomain(35_000, weight), equalTo(test));
    assertThat(domain, Quotas.ofDomain(2_500_000, weight), equalTo(train));
    assertThat(domain, Quotas.ofDomain(2_000_000, weight), equalTo(retrieval));
  }

  /** In doubles 0.29 * 100 is 28.999999999999996. */
  @ParameterizedTest
  @CsvSource({"100, 0.29, 29", "999, 0.5, 499", "0, 0.5, 0", "1, 0.999, 0", "7, 1, 7"})
  void onlyTheFractionGoes(long target, BigDecimal weight, long expected) {
    assertThat(Quotas.ofDomain(target, weight), equalTo(expected));
  }

  /** By hand: target, what each file has, what each gives. */
  @ParameterizedTest
  @CsvSource({
    "0, 5 5, 0 0",
    "4, 5 5, 2 2",
    "5, 5 5, 3 2",
    "10, 5 5, 5 5",
    "11, 5 5, 5 5",
    // The second pass: what one lacks, the others give.
    "9, 1 9 9, 1 4 4",
    "10, 1 9 9, 1 5 4",
    "10, 9 0 1 9, 5 0 1 4",
    "12, 2 3 100, 2 3 7",
    "7, 0 0 7, 0 0 7",
    "3, 9 9 9 9, 1 1 1 0",
    "8, 0 0, 0 0"
  })
  void spreadsEvenly(long target, String available, String expected) {
    assertThat(Quotas.spread(target, numbers(available)), equalTo(numbers(expected)));
  }

  @Test
  void meetsTheTargetWhereverItCan() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 1000; i++) {
      long[] available = random.longs(random.nextInt(20), 0, 50).toArray();
      long target = random.nextLong(600);

      long[] quotas = Quotas.spread(target, available);

      long all = Arrays.stream(available).sum();
      assertThat("round " + i, Arrays.stream(quotas).sum(), equalTo(Math.min(target, all)));
      long most = Arrays.stream(quotas).max().orElse(0);
      for (int j = 0; j < quotas.length; j++) {
        assertThat("round " + i, quotas[j], lessThanOrEqualTo(available[j]));
        // Who gives less than another by more than one gives all.
        assertThat("round " + i, quotas[j] >= most - 1 || quotas[j] == available[j]);
      }
    }
  }

  private static long[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
  }
}
