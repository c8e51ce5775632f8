package org.millrace.transforms.mix;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.hash.StableHash;

/** Weights and epochs become numbers of samples. */
class MixtureTest {

  private static final BigDecimal THRESHOLD = new BigDecimal("0.05");

  private static Mixture resting(MixtureSource... sources) {
    return Mixture.of(List.of(sources), OptionalLong.empty(), THRESHOLD);
  }

  private static Mixture of(long total, MixtureSource... sources) {
    return Mixture.of(List.of(sources), OptionalLong.of(total), THRESHOLD);
  }

  private static List<Long> samples(Mixture mixture) {
    return mixture.parts().stream().map(Mixture.Part::samples).toList();
  }

  /** The example of Cerebras' reader: 138 and 17 samples, weights 0.6 and 0.4. */
  @Test
  void theSourceThatLastsLongestDecidesTheTotal() {
    Mixture mixture =
        resting(MixtureSource.weighted("a", "0.6", 138), MixtureSource.weighted("b", "0.4", 17));

    assertThat(samples(mixture), equalTo(List.of(138L, 92L)));
    assertThat(mixture.parts().get(1).wholeEpochs(), equalTo(5L));
    assertThat(mixture.parts().get(1).beyond(), equalTo(7L));
    assertThat(mixture.parts().get(1).distinct(), equalTo(17L));
  }

  /** There a weight of 0 pairs sizes with the weights of others. */
  @Test
  void aWeightOfZeroChangesNothingForOthers() {
    Mixture mixture =
        resting(
            MixtureSource.weighted("z", "0", 5000),
            MixtureSource.weighted("a", "0.6", 138),
            MixtureSource.weighted("b", "0.4", 17));

    assertThat(samples(mixture), equalTo(List.of(0L, 138L, 92L)));
  }

  /** There it is an error. */
  @Test
  void allDecideWhereNoWeightIsOverTheThreshold() {
    List<MixtureSource> sources = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      sources.add(MixtureSource.weighted("s" + i, "0.04", 10 + i));
    }

    Mixture mixture = Mixture.of(sources, OptionalLong.empty(), THRESHOLD);

    assertThat(mixture.total(), equalTo(25L * 34));
    assertThat(samples(mixture).stream().distinct().toList(), equalTo(List.of(34L)));
  }

  @Test
  void smallWeightsDoNotDecide() {
    Mixture mixture =
        resting(MixtureSource.weighted("a", "0.95", 95), MixtureSource.weighted("b", "0.05", 1000));

    assertThat(samples(mixture), equalTo(List.of(95L, 5L)));
  }

  @Test
  void sharesAddUpToTheTotalExactly() {
    Mixture mixture =
        of(
            100,
            MixtureSource.weighted("a", "1", 10),
            MixtureSource.weighted("b", "1", 10),
            MixtureSource.weighted("c", "1", 10));

    assertThat(samples(mixture), equalTo(List.of(34L, 33L, 33L)));
  }

  @Test
  void anyWeightsAndTotalsAddUp() {
    for (int seed = 0; seed < 100; seed++) {
      StableHash chance = StableHash.of("test", seed);
      long total = (chance.keyOf("total").high() >>> 1) % 1_000_000_000_000L + 1;
      List<MixtureSource> sources = new ArrayList<>();
      double sum = 0;
      for (int i = 0; i < 1 + seed % 17; i++) {
        long weight = (chance.keyOf("w" + i).high() >>> 1) % 100_000 + 1;
        sources.add(MixtureSource.weighted("s" + i, BigDecimal.valueOf(weight, 5) + "", 1000));
        sum += weight;
      }

      Mixture mixture = Mixture.of(sources, OptionalLong.of(total), THRESHOLD);

      assertThat("seed " + seed, mixture.total(), equalTo(total));
      for (Mixture.Part part : mixture.parts()) {
        double weight = part.source().amount().doubleValue() * 100_000;
        double off = Math.abs(part.samples() - weight / sum * total);
        assertThat("seed " + seed + ": " + part, off < 1.001, equalTo(true));
      }
    }
  }

  @Test
  void epochsAreTakenAndWeightsShareTheRest() {
    MixtureSource twice = MixtureSource.repeated("code", "2", 100);
    MixtureSource half = MixtureSource.repeated("math", "0.5", 9);
    MixtureSource a = MixtureSource.weighted("a", "3", 1000);
    MixtureSource b = MixtureSource.weighted("b", "1", 1000);

    assertThat(samples(resting(twice, half)), equalTo(List.of(200L, 4L)));
    assertThat(samples(of(1000, twice, a, half, b)), equalTo(List.of(200L, 597L, 4L, 199L)));
    Mixture mixture = of(1000, twice, a, b);
    assertThat(mixture.askedShare(mixture.parts().get(0)), equalTo(Optional.empty()));
    assertThat(
        mixture.askedShare(mixture.parts().get(1)), equalTo(Optional.of(new BigDecimal("0.6"))));
    assertThat(mixture.share(mixture.parts().get(0)), equalTo(new BigDecimal("0.2")));
  }

  @Test
  void refusesWhatCannotBe() {
    MixtureSource twice = MixtureSource.repeated("code", "2", 100);

    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> of(150, twice, MixtureSource.weighted("a", "1", 9)))
            .getMessage(),
        containsString("the total is 150 samples, but the sources with epochs give 200; raise it"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> of(300, twice)).getMessage(),
        containsString("leave the total out, or give weights"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> MixtureSource.weighted("empty", "0.1", 0))
            .getMessage(),
        containsString("source empty has no sample"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> MixtureSource.weighted("a", "-1", 5))
            .getMessage(),
        containsString("must be 0 or more, was -1"));
    assertThrows(
        IllegalArgumentException.class, () -> resting(MixtureSource.weighted("a", "0", 5)));
    assertThrows(IllegalArgumentException.class, () -> resting(twice, twice));
  }
}
