package org.millrace.transforms.fim;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.fim.FimPermuter.Fate;
import org.millrace.transforms.fim.FimPermuter.Result;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.hash.StableRandom;

class FimPermuterTest {

  private static final int PRE = 100;
  private static final int MID = 101;
  private static final int SUF = 102;
  private static final FimTokens SENTINELS = new FimTokens(PRE, MID, SUF, 103);

  /** Cuts behind the first and before the last two tokens. */
  private static final FimSpans FIXED =
      (text, random) ->
          Optional.of(
              new FimParts(
                  text.slice(0, 1),
                  text.slice(1, text.length() - 2),
                  text.slice(text.length() - 2, text.length())));

  private static FimPermuter permuter(double rate, double spmRate, SpmVariant variant) {
    return new FimPermuter(SENTINELS, rate, spmRate, variant, FimSpans.ofTokens());
  }

  private static StableRandom random(long seed, long number) {
    return StableRandom.of(StableHash.of("fim", seed).keyOf("3/14"), number);
  }

  private static TokenIds text(int length) {
    int[] ids = new int[length];
    for (int i = 0; i < length; i++) {
      ids[i] = i % 90;
    }
    return TokenIds.wrap(ids);
  }

  @Test
  void writesTheOrdersOfThePaper() {
    TokenIds text = TokenIds.of(1, 2, 3, 4, 5);

    assertThat(
        new FimPermuter(SENTINELS, 1, 0, SpmVariant.VARIANT_2, FIXED).permute(text, random(1, 0)),
        equalTo(new Result(Fate.PSM, TokenIds.of(PRE, 1, SUF, 4, 5, MID, 2, 3))));
    assertThat(
        new FimPermuter(SENTINELS, 1, 1, SpmVariant.VARIANT_1, FIXED).permute(text, random(1, 0)),
        equalTo(new Result(Fate.SPM, TokenIds.of(SUF, 4, 5, PRE, 1, MID, 2, 3))));
    assertThat(
        new FimPermuter(SENTINELS, 1, 1, SpmVariant.VARIANT_2, FIXED).permute(text, random(1, 0)),
        equalTo(new Result(Fate.SPM, TokenIds.of(PRE, SUF, 4, 5, MID, 1, 2, 3))));
  }

  @ParameterizedTest
  @EnumSource(SpmVariant.class)
  void isUndoneToTheLastIdForHundredSeeds(SpmVariant variant) {
    FimPermuter permuter = permuter(0.9, 0.5, variant);

    for (long seed = 0; seed < 100; seed++) {
      for (int length = 1; length < 40; length++) {
        TokenIds text = text(length);
        Result result = permuter.permute(text, random(seed, length));
        FimPattern pattern = FimPattern.of(result.tokens(), SENTINELS);
        assertThat("seed " + seed, pattern.original(), equalTo(text));
        assertThat(pattern.kind() != FimPattern.Kind.PLAIN, equalTo(result.isPermuted()));
        assertThat(result.tokens().length(), equalTo(length + (result.isPermuted() ? 3 : 0)));
      }
    }
  }

  @Test
  void saysWhichPartIsWhich() {
    FimPattern psm = FimPattern.of(TokenIds.of(PRE, 1, SUF, 4, 5, MID, 2, 3), SENTINELS);
    assertThat(psm, equalTo(new FimPattern(FimPattern.Kind.PSM, TokenIds.of(1, 2, 3, 4, 5), 1, 2)));
    FimPattern first = FimPattern.of(TokenIds.of(SUF, 4, 5, PRE, 1, MID, 2, 3), SENTINELS);
    assertThat(
        first, equalTo(new FimPattern(FimPattern.Kind.SPM, TokenIds.of(1, 2, 3, 4, 5), 1, 2)));
    FimPattern second = FimPattern.of(TokenIds.of(PRE, SUF, 4, 5, MID, 1, 2, 3), SENTINELS);
    assertThat(
        second, equalTo(new FimPattern(FimPattern.Kind.SPM, TokenIds.of(1, 2, 3, 4, 5), 0, 3)));
  }

  /** Cut before the last sentinel, or behind the first, a pattern cannot be undone, nor is it. */
  @Test
  void knowsAPatternThatIsCut() {
    for (TokenIds whole :
        List.of(
            TokenIds.of(PRE, 1, SUF, 4, 5, MID, 2, 3),
            TokenIds.of(SUF, 4, 5, PRE, 1, MID, 2, 3),
            TokenIds.of(PRE, SUF, 4, 5, 6, MID, 2, 3))) {
      for (int end = 1; end <= 5; end++) {
        TokenIds cut = whole.slice(0, end);
        assertThat(
            FimPattern.of(cut, SENTINELS),
            equalTo(new FimPattern(FimPattern.Kind.TRUNCATED, cut, 0, 0)));
      }
      for (int start = 1; start <= 5; start++) {
        TokenIds cut = whole.slice(start, whole.length());
        assertThat(FimPattern.of(cut, SENTINELS).kind(), equalTo(FimPattern.Kind.TRUNCATED));
      }
    }
    assertThat(
        FimPattern.of(TokenIds.of(PRE, 1, MID, 2, SUF, 3), SENTINELS).kind(),
        equalTo(FimPattern.Kind.TRUNCATED));
    assertThat(
        FimPattern.of(TokenIds.of(PRE, 1, SUF, 2, MID, 3, PRE, 4), SENTINELS).kind(),
        equalTo(FimPattern.Kind.TRUNCATED));
  }

  @Test
  void leavesAloneWhatIsEmptyOrHoldsASentinel() {
    FimPermuter permuter = permuter(1, 0.5, SpmVariant.VARIANT_2);

    assertThat(
        permuter.permute(TokenIds.of(), random(1, 0)),
        equalTo(new Result(Fate.EMPTY, TokenIds.of())));
    assertThat(
        permuter.permute(TokenIds.of(1, MID, 2), random(1, 0)),
        equalTo(new Result(Fate.HOLDS_SENTINEL, TokenIds.of(1, MID, 2))));
  }

  @Test
  void leavesAloneWhatCannotBeCut() {
    FimPermuter permuter =
        new FimPermuter(
            SENTINELS, 1, 0.5, SpmVariant.VARIANT_2, (text, random) -> Optional.empty());

    assertThat(
        permuter.permute(TokenIds.of(1, 2), random(1, 0)),
        equalTo(new Result(Fate.NOT_CUT, TokenIds.of(1, 2))));
  }

  @Test
  void permutesTheSharesAskedForWithinBinomialError() {
    FimPermuter permuter = permuter(0.9, 0.3, SpmVariant.VARIANT_2);
    int texts = 20_000;
    int permuted = 0;
    int suffixFirst = 0;
    for (int i = 0; i < texts; i++) {
      Result result = permuter.permute(text(10), random(5, i));
      permuted += result.isPermuted() ? 1 : 0;
      suffixFirst += result.fate() == Fate.SPM ? 1 : 0;
    }

    // Four standard errors: sqrt(p (1 - p) / n).
    assertThat(Math.abs(permuted / 20_000.0 - 0.9), lessThan(4 * Math.sqrt(0.09 / texts)));
    assertThat(
        Math.abs((double) suffixFirst / permuted - 0.3), lessThan(4 * Math.sqrt(0.21 / permuted)));
  }

  @Test
  void eachTextHasADrawOfItsOwn() {
    FimPermuter permuter = permuter(0.5, 0.5, SpmVariant.VARIANT_2);
    List<Result> first = new ArrayList<>();
    List<Result> again = new ArrayList<>();
    List<Result> otherSeed = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      first.add(permuter.permute(text(30), random(1, i)));
      again.add(permuter.permute(text(30), random(1, i)));
      otherSeed.add(permuter.permute(text(30), random(2, i)));
    }

    assertThat(again, equalTo(first));
    assertThat(otherSeed, not(equalTo(first)));
    assertThat(first.stream().distinct().count(), greaterThan(10L));
  }

  /** Of three tokens there are sixteen pairs of places to cut at. */
  @Test
  void cutsAtAnyTwoPlacesWithTheSameProbability() {
    TreeMap<String, Integer> cuts = new TreeMap<>();
    int texts = 16_000;
    for (int i = 0; i < texts; i++) {
      FimParts parts = FimSpans.ofTokens().cut(text(3), random(9, i)).orElseThrow();
      cuts.merge(parts.prefix().length() + " " + parts.middle().length(), 1, Integer::sum);
    }

    // Two different places come in two orders, equal ones in one.
    List<Double> errors = new ArrayList<>();
    cuts.forEach(
        (cut, count) -> {
          double share = cut.endsWith(" 0") ? 1 / 16.0 : 2 / 16.0;
          errors.add(Math.abs(count - share * texts) / Math.sqrt(share * (1 - share) * texts));
        });
    assertThat(cuts.size(), equalTo(10));
    assertThat(errors, everyItem(lessThan(4.0)));
  }
}
