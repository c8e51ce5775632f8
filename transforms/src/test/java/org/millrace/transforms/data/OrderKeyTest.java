package org.millrace.transforms.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class OrderKeyTest {

  private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

  @Test
  void comparesAsUnsignedBigEndian() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      OrderKey left = new OrderKey(random.nextLong(), random.nextLong(4) - 2);
      OrderKey right =
          random.nextBoolean()
              ? new OrderKey(left.high(), random.nextLong(4) - 2)
              : new OrderKey(random.nextLong(), 0);
      byte[] leftBytes = CoderUtils.encodeToByteArray(OrderKey.OrderKeyCoder.of(), left);
      byte[] rightBytes = CoderUtils.encodeToByteArray(OrderKey.OrderKeyCoder.of(), right);
      assertThat(
          Integer.signum(left.compareTo(right)),
          equalTo(Integer.signum(Arrays.compareUnsigned(leftBytes, rightBytes))));
    }
  }

  @Test
  void partsAreEqualRangesOfTheUpperHalf() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 10_000; i++) {
      long high = i < 4 ? new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}[i] : random.nextLong();
      int parts = i % 7 == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(1000);
      BigInteger expected =
          new BigInteger(Long.toUnsignedString(high))
              .multiply(BigInteger.valueOf(parts))
              .divide(TWO_64);
      assertThat(new OrderKey(high, 0).part(parts), equalTo(expected.intValueExact()));
    }
  }

  @Test
  void naturalPositionsGiveBackTheirRank() {
    for (int count : new int[] {1, 2, 3, 7, 16, 1000, 65_537, 1_000_003}) {
      OrderKey last = new OrderKey(0, -1);
      for (int rank = 0; rank < count; rank += 1 + count / 50) {
        OrderKey key = OrderKey.natural(rank, count, 5);
        assertThat(key.part(count), equalTo(rank));
        assertThat(key, greaterThan(OrderKey.natural(rank, count, 4)));
        assertThat(rank == 0 || last.compareTo(key) < 0, equalTo(true));
        last = key;
      }
    }
    assertThat(OrderKey.natural(0, 2, 1L << 62), lessThan(OrderKey.natural(1, 2, 0)));
  }

  @Test
  void refusesARankOutsideItsCount() {
    assertThrows(IllegalArgumentException.class, () -> OrderKey.natural(3, 3, 0));
    assertThrows(IllegalArgumentException.class, () -> OrderKey.natural(0, 3, -1));
  }

  @Test
  void coderRefusesACutKey() {
    assertThrows(
        EOFException.class,
        () -> OrderKey.OrderKeyCoder.of().decode(new ByteArrayInputStream(new byte[15])));
  }
}
