package org.millrace.transforms.mix;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;

/** Where the samples of a mixture stand. */
class MixSourcesTest {

  private static final BigDecimal THRESHOLD = new BigDecimal("0.05");

  private record Sample(String source, long number, int repeat) implements MixedSample<Sample> {
    @Override
    public Sample repeated(int times) {
      return new Sample(source, number, times);
    }

    @Override
    public String id() {
      return source + ":" + number + (repeat == 0 ? "" : "#" + repeat);
    }

    @Override
    public OrderKey position() {
      return new OrderKey(0, number);
    }

    @Override
    public void tallyTo(Tally tally, String step, String reason) {
      tally.add(source, step, reason, 1, 0, 7);
    }
  }

  /** A sample, and its place. */
  private record Placed(OrderKey key, String source, long number, int repeat) {}

  /** All samples of a mixture in their order. */
  private static List<Placed> ordered(Mixture mixture, long seed) {
    List<Placed> placed = new ArrayList<>();
    for (Mixture.Part part : mixture.parts()) {
      SourceOrder order = new SourceOrder(part, seed);
      String name = part.source().name();
      for (long number = 0; number < part.source().available(); number++) {
        for (int repeat = 0; repeat < order.mostTimes(); repeat++) {
          long rank = order.rank(number, repeat);
          if (rank >= 0) {
            String id = new Sample(name, number, repeat).id();
            placed.add(new Placed(order.key(rank, id), name, number, repeat));
          }
        }
      }
    }
    placed.sort(Comparator.comparing(Placed::key));
    return placed;
  }

  private static Mixture mixture(long total, Object... namesWeightsAndSizes) {
    List<MixtureSource> sources = new ArrayList<>();
    for (int i = 0; i < namesWeightsAndSizes.length; i += 3) {
      sources.add(
          MixtureSource.weighted(
              (String) namesWeightsAndSizes[i],
              (String) namesWeightsAndSizes[i + 1],
              ((Integer) namesWeightsAndSizes[i + 2]).longValue()));
    }
    return Mixture.of(sources, OptionalLong.of(total), THRESHOLD);
  }

  /** The weights of CrystalCoder's three stages; each source cut or repeated. */
  static Stream<Mixture> stages() {
    return Stream.of(
        mixture(
            24_000,
            "ArXiv",
            ".0433",
            300,
            "Book",
            ".0413",
            9000,
            "C4",
            ".2665",
            16_000,
            "CommonCrawl",
            ".5335",
            10_000,
            "GitHub",
            ".0496",
            2999,
            "StackExchange",
            ".0317",
            1,
            "Wikipedia",
            ".0342",
            70_000),
        mixture(
            21_357,
            "ArXiv",
            ".0161",
            300,
            "Book",
            ".0154",
            9000,
            "C4",
            ".0991",
            16_000,
            "CommonCrawl",
            ".1984",
            10_000,
            "GitHub",
            ".0185",
            2999,
            "StackExchange",
            ".0118",
            11,
            "Wikipedia",
            ".0127",
            70_000,
            "StarCoder",
            ".6281",
            14_345),
        mixture(
            24_000,
            "css",
            ".0879",
            1000,
            "javascript",
            ".1837",
            9000,
            "html",
            ".1854",
            16_000,
            "python",
            ".3427",
            10_000,
            "ArXiv",
            ".0167",
            2999,
            "Book",
            ".0083",
            11,
            "C4",
            ".0169",
            700,
            "CommonCrawl",
            ".0583",
            14_345,
            "StackExchange",
            ".0084",
            100,
            "Wikipedia",
            ".0584",
            100_000,
            "StarCoder",
            ".0334",
            77));
  }

  /** Relative to its share, at each length from 10,000 samples on, whatever the seed. */
  @ParameterizedTest
  @MethodSource("stages")
  void everyPrefixHasTheSharesWithinOnePerCent(Mixture mixture) {
    for (long seed = 0; seed < 2; seed++) {
      checkPrefixes(mixture, ordered(mixture, seed), 10_000, 0.01);
    }
  }

  /** The bound at any length: 3/4 of a sample, and the source's share of all others' 3/4. */
  private static void checkPrefixes(
      Mixture mixture, List<Placed> samples, int from, double tolerance) {
    Map<String, Double> shares = new HashMap<>();
    mixture.parts().forEach(p -> shares.put(p.source().name(), mixture.share(p).doubleValue()));
    Map<String, Integer> counts = new HashMap<>();
    for (int m = 1; m <= samples.size(); m++) {
      counts.merge(samples.get(m - 1).source, 1, Integer::sum);
      for (Map.Entry<String, Double> share : shares.entrySet()) {
        double expected = share.getValue() * m;
        double off = Math.abs(counts.getOrDefault(share.getKey(), 0) - expected);
        double most = 0.75 * (1 + share.getValue() * shares.size()) + 1e-6;
        if (off > most || (m >= from && off > tolerance * expected)) {
          throw new AssertionError(share + " after " + m + ": off by " + off + " of " + expected);
        }
      }
    }
  }

  @Test
  void manyMixturesKeepTheirShares() {
    for (int seed = 0; seed < 26; seed++) {
      List<MixtureSource> sources = new ArrayList<>();
      for (int i = 0; i <= seed % 13; i++) {
        sources.add(
            MixtureSource.weighted("s" + i, "" + (1 + i * i * (seed + 1)), 1 + 37L * (i + seed)));
      }
      Mixture mixture = Mixture.of(sources, OptionalLong.of(3000), THRESHOLD);
      checkPrefixes(mixture, ordered(mixture, seed), Integer.MAX_VALUE, 0);
    }
  }

  @Test
  void takesJustAsManyAsPlanned() {
    Mixture mixture = mixture(1000, "cut", "0.5", 700, "repeated", "0.4", 90, "whole", "0.1", 100);

    List<Placed> samples = ordered(mixture, 3);

    Map<String, Integer> counts = new HashMap<>();
    Map<String, Integer> times = new HashMap<>();
    for (Placed sample : samples) {
      counts.merge(sample.source, 1, Integer::sum);
      times.merge(sample.source + ":" + sample.number, 1, Integer::sum);
    }
    assertThat(counts, equalTo(Map.of("cut", 500, "repeated", 400, "whole", 100)));
    assertThat(times.values().stream().filter(n -> n == 5).count(), equalTo(40L));
    assertThat(times.values().stream().filter(n -> n == 4).count(), equalTo(50L));
    assertThat(times.values().stream().filter(n -> n == 1).count(), equalTo(600L));
    assertThat(new HashSet<>(times.values()), equalTo(Set.of(1, 4, 5)));
  }

  @Test
  void whatIsCutIsChosenByChance() {
    Mixture mixture = mixture(100, "a", "1", 1000);

    List<Long> one = ordered(mixture, 1).stream().map(Placed::number).toList();
    List<Long> two = ordered(mixture, 2).stream().map(Placed::number).toList();

    long firstHalf = one.stream().filter(n -> n < 500).count();
    assertThat(firstHalf, greaterThanOrEqualTo(30L));
    assertThat(firstHalf, lessThan(70L));
    assertThat(new TreeSet<>(one), not(equalTo(new TreeSet<>(two))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 1001})
  void repeatsAreHalfAnEpochApart(int available) {
    Mixture mixture = mixture(6L * available + available / 3, "a", "1", available);

    List<Placed> samples = ordered(mixture, 9);

    Map<Long, Integer> last = new HashMap<>();
    List<List<Long>> epochs = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      Placed sample = samples.get(i);
      Integer before = last.put(sample.number, i);
      assertThat("epoch of " + i, sample.repeat, equalTo(i / available));
      if (before != null) {
        assertThat(i - before, greaterThanOrEqualTo((available + 1) / 2));
      }
      if (i % available == 0) {
        epochs.add(new ArrayList<>());
      }
      epochs.get(i / available).add(sample.number);
    }
    if (available == 1001) {
      assertThat(new HashSet<>(epochs).size(), equalTo(7));
    }
  }

  @Test
  void theTransformPlacesDropsAndCounts() {
    Mixture mixture = mixture(9, "cut", "4", 6, "again", "5", 2);
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    List<Sample> rows = new ArrayList<>();
    IntStream.range(0, 6).forEach(i -> rows.add(new Sample("cut", i, 0)));
    IntStream.range(0, 2).forEach(i -> rows.add(new Sample("again", i, 0)));
    List<String> expected =
        ordered(mixture, 5).stream()
            .map(p -> p.key + " " + new Sample(p.source, p.number, p.repeat).id())
            .toList();

    StepOutput<KV<OrderKey, Sample>> mixed =
        pipeline
            .apply(Create.of(rows).withCoder(SerializableCoder.of(Sample.class)))
            .apply(MixSources.<Sample>by(mixture).withSeed(5));

    PAssert.that(mixed.elements())
        .satisfies(
            found -> {
              List<String> all = new ArrayList<>();
              found.forEach(kv -> all.add(kv.getKey() + " " + kv.getValue().id()));
              assertThat(all, containsInAnyOrder(expected.toArray()));
              return null;
            });
    PAssert.that(mixed.entries())
        .satisfies(
            entries -> {
              Tally sum = new Tally();
              entries.forEach(sum::add);
              assertThat(
                  sum.entries(),
                  equalTo(
                      List.of(
                          new LedgerEntry("again", "mix", "read", 3, 0, 0),
                          new LedgerEntry("again", "mix", "tokenized", 0, 0, 21),
                          new LedgerEntry("cut", "mix", "not_taken", 2, 0, 14))));
              return null;
            });
    pipeline.run();
  }

  @Test
  void anotherSeedIsAnotherMixture() {
    Mixture mixture = mixture(50, "a", "1", 40, "b", "1", 40);

    assertThat(ordered(mixture, 1), equalTo(ordered(mixture, 1)));
    assertThat(ordered(mixture, 1), not(equalTo(ordered(mixture, 2))));
  }

  @Test
  void aSampleOfNoSourceIsAnError() {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    pipeline
        .apply(Create.of(new Sample("c", 0, 0)).withCoder(SerializableCoder.of(Sample.class)))
        .apply(MixSources.by(mixture(50, "a", "1", 40)));

    RuntimeException e = assertThrows(RuntimeException.class, pipeline::run);

    assertThat(e.toString(), containsString("c:0 is of source c, expected [a]"));
  }
}
