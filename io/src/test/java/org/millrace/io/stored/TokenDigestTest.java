package org.millrace.io.stored;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.TokenIds;

class TokenDigestTest {

  private static List<TokenIds> samples(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<TokenIds> samples = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      samples.add(TokenIds.wrap(random.ints(random.nextInt(40), 0, 100_000).toArray()));
    }
    return samples;
  }

  @Test
  void isTheSameHoweverTheSamplesAreCut() {
    for (int seed = 0; seed < 100; seed++) {
      List<TokenIds> samples = samples(seed);
      TokenDigest whole = StoredShards.digest(samples);
      int first = seed % 50;
      int second = first + (50 - first) / 2;

      TokenDigest parts =
          TokenDigest.EMPTY
              .then(StoredShards.digest(samples.subList(0, first)))
              .then(StoredShards.digest(samples.subList(first, second)))
              .then(StoredShards.digest(samples.subList(second, 50)));

      assertThat("seed " + seed, parts, equalTo(whole));
    }
  }

  @Test
  void countsTokens() {
    assertThat(
        StoredShards.digest(List.of(TokenIds.of(1, 2), TokenIds.of(), TokenIds.of(0))).tokens(),
        is(3L));
  }

  @Test
  void changesWithIdsOrderAndBordersOfSamples() {
    TokenDigest digest = StoredShards.digest(List.of(TokenIds.of(1, 2), TokenIds.of(3)));

    for (List<TokenIds> other :
        List.of(
            List.of(TokenIds.of(1, 2), TokenIds.of(4)),
            List.of(TokenIds.of(2, 1), TokenIds.of(3)),
            List.of(TokenIds.of(1), TokenIds.of(2, 3)),
            List.of(TokenIds.of(1, 2, 3)),
            List.of(TokenIds.of(3), TokenIds.of(1, 2)),
            List.of(TokenIds.of(1, 2), TokenIds.of(3), TokenIds.of()),
            List.of(TokenIds.of(0, 1, 2), TokenIds.of(3)))) {
      assertThat(other.toString(), StoredShards.digest(other), not(equalTo(digest)));
    }
  }
}
