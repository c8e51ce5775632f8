package org.millrace.transforms.mix;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * A mixture of sources with exact numbers: how many samples each one gives.
 *
 * <p>Sources with epochs give their samples that often. Sources with weights share what is left of
 * the total, by largest remainder, so that the sum is exact. Where there is no total, the weighted
 * sources get as many samples together as the one of them that lasts longest has for its share: the
 * largest {@code available / weight} among the weights over a threshold, if there are any, as
 * Cerebras' reader of mixtures has it. Then that one is used up once, and the others are cut or
 * repeated.
 *
 * <p>Determinism: all is computed in whole and decimal numbers.
 *
 * @param parts one for each source, in their order
 */
public record Mixture(List<Part> parts) implements Serializable {

  /**
   * What a source gives.
   *
   * @param source what was asked of it
   * @param samples how many samples are taken, repeats among them
   */
  public record Part(MixtureSource source, long samples) implements Serializable {

    /** How many times all samples are taken. */
    public long wholeEpochs() {
      return source.available() == 0 ? 0 : samples / source.available();
    }

    /** How many samples are taken once more than {@link #wholeEpochs}. */
    public long beyond() {
      return source.available() == 0 ? 0 : samples % source.available();
    }

    /** How many different samples are taken. */
    public long distinct() {
      return Math.min(samples, source.available());
    }
  }

  public Mixture {
    parts = List.copyOf(parts);
    checkArgument(!parts.isEmpty(), "a mixture needs a source");
    checkArgument(
        parts.stream().map(part -> part.source().name()).distinct().count() == parts.size(),
        "two sources have one name: %s",
        parts);
  }

  /**
   * Resolves shares to numbers.
   *
   * @param total the number of samples; empty where the sources decide it
   * @param threshold weights up to it, of a sum of 1, do not decide the total
   */
  public static Mixture of(List<MixtureSource> sources, OptionalLong total, BigDecimal threshold) {
    long[] samples = new long[sources.size()];
    List<Integer> weighted = new ArrayList<>();
    for (int i = 0; i < samples.length; i++) {
      MixtureSource source = sources.get(i);
      if (!source.isWeighted()) {
        samples[i] = times(source);
      } else if (source.amount().signum() > 0) {
        weighted.add(i);
      }
    }
    List<MixtureSource> shared = weighted.stream().map(sources::get).toList();
    long fixed = IntStream.range(0, samples.length).mapToLong(i -> samples[i]).sum();
    List<Long> shares = shares(shared, rest(shared, total, fixed, threshold));
    for (int i = 0; i < shares.size(); i++) {
      samples[weighted.get(i)] = shares.get(i);
    }
    Mixture mixture =
        new Mixture(
            IntStream.range(0, samples.length)
                .mapToObj(i -> new Part(sources.get(i), samples[i]))
                .toList());
    checkArgument(mixture.total() > 0, "the mixture has no samples: %s", sources);
    return mixture;
  }

  private static long times(MixtureSource source) {
    BigDecimal samples = source.amount().multiply(BigDecimal.valueOf(source.available()));
    return samples.setScale(0, RoundingMode.HALF_EVEN).longValueExact();
  }

  private static long rest(
      List<MixtureSource> shared, OptionalLong total, long fixed, BigDecimal threshold) {
    if (total.isEmpty()) {
      return shared.isEmpty() ? 0 : lasting(shared, threshold);
    }
    long rest = total.getAsLong() - fixed;
    checkArgument(
        shared.isEmpty() ? rest == 0 : rest >= 0,
        "the total is %s samples, but the sources with epochs give %s; %s",
        total.getAsLong(),
        fixed,
        shared.isEmpty() ? "leave the total out, or give weights" : "raise it, or lower epochs");
    return rest;
  }

  /** The largest available / weight, rounded down, among weights over the threshold. */
  private static long lasting(List<MixtureSource> shared, BigDecimal threshold) {
    BigDecimal sum = sum(shared);
    List<MixtureSource> deciding =
        shared.stream().filter(s -> s.amount().compareTo(threshold.multiply(sum)) > 0).toList();
    BigInteger longest = BigInteger.ZERO;
    for (MixtureSource source : deciding.isEmpty() ? shared : deciding) {
      BigDecimal whole = sum.multiply(BigDecimal.valueOf(source.available()));
      longest = longest.max(whole.divideToIntegralValue(source.amount()).toBigIntegerExact());
    }
    return longest.longValueExact();
  }

  /** Shares of a number that add up to it: rounded down, then one more for the largest rests. */
  private static List<Long> shares(List<MixtureSource> shared, long number) {
    BigDecimal sum = sum(shared);
    List<BigDecimal> rests = new ArrayList<>();
    List<Long> shares = new ArrayList<>();
    long left = number;
    for (MixtureSource source : shared) {
      BigDecimal[] share =
          source.amount().multiply(BigDecimal.valueOf(number)).divideAndRemainder(sum);
      shares.add(share[0].longValueExact());
      rests.add(share[1]);
      left -= share[0].longValueExact();
    }
    Comparator<Integer> byRest = Comparator.comparing(rests::get);
    IntStream.range(0, shares.size())
        .boxed()
        .sorted(byRest.reversed())
        .limit(left)
        .forEach(i -> shares.set(i, shares.get(i) + 1));
    return shares;
  }

  private static BigDecimal sum(List<MixtureSource> shared) {
    return shared.stream().map(MixtureSource::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** The number of all samples. */
  public long total() {
    return parts.stream().mapToLong(Part::samples).reduce(0, Math::addExact);
  }

  /**
   * The share that a source was to have: of all samples by its weight, among those of the weighted
   * sources by their sum; empty where it was asked for by epochs.
   */
  public Optional<BigDecimal> askedShare(Part part) {
    List<MixtureSource> shared =
        parts.stream().map(Part::source).filter(MixtureSource::isWeighted).toList();
    long rest = parts.stream().filter(p -> p.source().isWeighted()).mapToLong(Part::samples).sum();
    BigDecimal sum = sum(shared);
    if (!part.source().isWeighted() || sum.signum() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        part.source()
            .amount()
            .multiply(BigDecimal.valueOf(rest))
            .divide(sum.multiply(BigDecimal.valueOf(total())), MathContext.DECIMAL64));
  }

  /** The share that a source has. */
  public BigDecimal share(Part part) {
    return BigDecimal.valueOf(part.samples())
        .divide(BigDecimal.valueOf(total()), MathContext.DECIMAL64);
  }
}
