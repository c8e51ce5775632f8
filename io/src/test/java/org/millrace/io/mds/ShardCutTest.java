package org.millrace.io.mds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ShardCutTest {

  private static final long MAX = 4_294_967_295L;

  @Test
  void cutsBeforeTheSampleThatWouldExceedTheLimit() {
    ShardCut cut = new ShardCut(1000, 0, 92); // an empty shard has 100 bytes

    assertThat(cut.isBefore(5000), equalTo(false)); // never without a sample
    cut.add(446);
    assertThat(cut.bytes(), equalTo(550L));
    assertThat(cut.isBefore(446), equalTo(false));
    assertThat(cut.isBefore(447), equalTo(true));
    cut.reset();
    assertThat(cut.samples(), equalTo(0L));
    assertThat(cut.bytes(), equalTo(100L));
  }

  @Test
  void refusesMoreThanOffsetsCanSay() {
    ShardCut cut = new ShardCut(0, 0, 92);
    for (int i = 0; i < 4; i++) {
      cut.add(1_000_000_000);
    }
    long left = MAX - cut.bytes() - 4;

    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> cut.add(left + 1));

    assertThat(e.getMessage(), containsString("at most 4294967295 bytes, got 4294967296"));
    cut.add(left);
    assertThat(cut.bytes(), equalTo(MAX));
  }

  @Test
  void expectsAsManySamplesAsFit() {
    assertThat(new ShardCut(1000, 0, 92).expected(86, 100), equalTo(10L));
    assertThat(new ShardCut(1000, 0, 92).expected(87, 100), equalTo(9L));
    assertThat(new ShardCut(1000, 0, 92).expected(86, 3), equalTo(3L));
    assertThat(new ShardCut(1000, 5, 92).expected(86, 100), equalTo(5L));
    assertThat(new ShardCut(1000, 0, 92).expected(5000, 100), equalTo(1L));
    assertThat(new ShardCut(0, 0, 92).expected(86, 100), equalTo(100L));
  }
}
