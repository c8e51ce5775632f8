package org.millrace.transforms.hash;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.OrderKey;

class StableHashTest {

  /**
   * Expected values by Python: {@code hashlib.sha256(b"shuffle\0" + (17).to_bytes(8, "big") +
   * "ü.jsonl:0".encode()).hexdigest()[:32]}.
   */
  @Test
  void hashesPurposeSeedAndIdAsDocumented() {
    assertThat(
        StableHash.of("shuffle", 17).keyOf("ü.jsonl:0").toString(),
        equalTo("7ed9d1799f627cc9a9151c3fc54ec585"));
    assertThat(
        StableHash.of("sample", -1).keyOf("").toString(),
        equalTo("a1a7770f3dd1a512bdfb2bbd89071781"));
  }

  @Test
  void purposesAndSeedsAreIndependent() {
    OrderKey key = StableHash.of("sample", 1).keyOf("id");
    assertThat(StableHash.of("shuffle", 1).keyOf("id"), not(equalTo(key)));
    assertThat(StableHash.of("sample", 2).keyOf("id"), not(equalTo(key)));
  }

  @Test
  void samplesAreNestedAndOfTheRightSize() {
    StableHash hash = StableHash.of("sample", 3);
    long tenth = 0;
    for (int i = 0; i < 20_000; i++) {
      String id = "doc:" + i;
      boolean inTenth = hash.selects(id, 0.1);
      tenth += inTenth ? 1 : 0;
      assertThat(!hash.selects(id, 0.01) || inTenth, equalTo(true));
      assertThat(hash.selects(id, 0), equalTo(false));
      assertThat(hash.selects(id, 1), equalTo(true));
    }
    assertThat((double) tenth, closeTo(2000, 150));
  }

  @Test
  void selectionIsTheExactComparison() {
    StableHash hash = StableHash.of("sample", 4);
    for (double rate : new double[] {1e-3, 0.1, 0.5, 0.75, 0.9999999999, Math.nextDown(1.0)}) {
      BigInteger limit =
          new BigDecimal(rate)
              .multiply(new BigDecimal(BigInteger.ONE.shiftLeft(64)))
              .setScale(0, RoundingMode.CEILING)
              .toBigInteger();
      IntStream.range(0, 2000)
          .mapToObj(i -> "doc:" + i)
          .forEach(
              id ->
                  assertThat(
                      hash.selects(id, rate),
                      equalTo(
                          new BigInteger(Long.toUnsignedString(hash.keyOf(id).high()))
                                  .compareTo(limit)
                              < 0)));
    }
  }

  @Test
  void refusesWhatIsNoShare() {
    StableHash hash = StableHash.of("sample", 0);
    assertThrows(IllegalArgumentException.class, () -> hash.selects("id", 1.1));
    assertThrows(IllegalArgumentException.class, () -> hash.selects("id", Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> StableHash.of("a\0b", 0));
  }
}
