package org.millrace.transforms.hash;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedPermutationTest {

  private static KeyedPermutation order(long size, long seed) {
    return KeyedPermutation.of(size, StableHash.of("test", seed).keyOf("a"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 15, 16, 17, 100, 255, 256, 257, 1000, 65_537})
  void everyNumberHasAPlaceOfItsOwn(int size) {
    for (long seed = 0; seed < 20; seed++) {
      BitSet places = new BitSet(size);
      for (int i = 0; i < size; i++) {
        places.set((int) order(size, seed).placeOf(i));
      }
      assertThat("seed " + seed, places.cardinality(), equalTo(size));
    }
  }

  @Test
  void anotherKeyIsAnotherOrder() {
    long[] one = LongStream.range(0, 100).map(order(100, 1)::placeOf).toArray();
    long[] two = LongStream.range(0, 100).map(order(100, 2)::placeOf).toArray();

    assertThat(two, not(equalTo(one)));
  }

  /** So that a change of what it gives is seen: it changes which samples are taken. */
  @Test
  void isTheSameForever() {
    long[] places = LongStream.range(0, 10).map(order(10, 42)::placeOf).toArray();

    assertThat(Arrays.toString(places), is("[0, 7, 6, 8, 1, 4, 9, 2, 3, 5]"));
  }

  /** In 2,000 orders of 10 each number comes to each place some 200 times; sigma is 13.4. */
  @Test
  void everyPlaceIsAsLikely() {
    int[][] counts = new int[10][10];
    for (long seed = 0; seed < 2000; seed++) {
      KeyedPermutation order = order(10, seed);
      for (int i = 0; i < 10; i++) {
        counts[i][(int) order.placeOf(i)]++;
      }
    }

    for (int[] of : counts) {
      for (int count : of) {
        assertThat((double) Math.abs(count - 200), lessThan(5 * 13.4));
      }
    }
  }

  /** The tenth that is taken of a file must not come from its beginning, or at equal distances. */
  @Test
  void takesFromEverywhere() {
    int size = 100_000;
    KeyedPermutation order = order(size, 7);
    int[] taken = new int[10];
    int evens = 0;
    for (int i = 0; i < size; i++) {
      if (order.placeOf(i) < size / 10) {
        taken[i / (size / 10)]++;
        evens += 1 - i % 2;
      }
    }

    for (int part : taken) {
      assertThat((double) Math.abs(part - 1000), lessThan(5 * 30.0));
    }
    assertThat((double) Math.abs(evens - 5000), lessThan(5 * 50.0));
  }

  @Test
  void holdsLargeSizes() {
    KeyedPermutation order = order(1L << 62, 1);

    assertThat(order.placeOf((1L << 62) - 1) >= 0, is(true));
    assertThat(order.placeOf((1L << 62) - 1) < 1L << 62, is(true));
  }

  @Test
  void refusesWhatIsNotThere() {
    assertThrows(IndexOutOfBoundsException.class, () -> order(10, 1).placeOf(10));
    assertThrows(IndexOutOfBoundsException.class, () -> order(0, 1).placeOf(0));
    assertThrows(IllegalArgumentException.class, () -> order(-1, 1));
  }
}
