package org.millrace.transforms.hash;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.OrderKey;

class StableRandomTest {

  private static final OrderKey KEY = StableHash.of("test", 3).keyOf("a");

  // Computed with Python from the definition of SplitMix64.
  private static final List<Integer> GOLDEN = List.of(75, 884, 923, 736, 114, 545, 697, 890);

  private static List<Integer> numbers(StableRandom random) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      numbers.add(random.upTo(999));
    }
    return numbers;
  }

  /** These numbers decide what is in datasets that exist: they must never change. */
  @Test
  void givesTheSameNumbersForever() {
    assertThat(numbers(StableRandom.of(KEY, 0)), equalTo(GOLDEN));
  }

  @Test
  void streamsDependOnKeyAndNumber() {
    List<Integer> first = numbers(StableRandom.of(KEY, 0));

    assertThat(numbers(StableRandom.of(KEY, 1)), not(equalTo(first)));
    assertThat(
        numbers(StableRandom.of(StableHash.of("test", 4).keyOf("a"), 0)), not(equalTo(first)));
    assertThat(
        numbers(StableRandom.of(new OrderKey(KEY.high(), KEY.low() + 1), 0)), not(equalTo(first)));
  }

  @Test
  void numbersAreUniform() {
    StableRandom random = StableRandom.of(KEY, 7);
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[random.upTo(6)]++;
    }

    for (int count : counts) {
      assertThat(Math.abs(count - 10_000), lessThan(400));
    }
    assertThat(random.upTo(0), equalTo(0));
  }

  @Test
  void chanceHoldsAtItsEnds() {
    StableRandom random = StableRandom.of(KEY, 7);
    for (int i = 0; i < 1000; i++) {
      assertThat(random.chance(0), equalTo(false));
      assertThat(random.chance(1), equalTo(true));
    }
    assertThrows(IllegalArgumentException.class, () -> random.chance(1.01));
    assertThrows(IllegalArgumentException.class, () -> random.upTo(-1));
  }
}
