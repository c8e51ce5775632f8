package org.millrace.transforms.mix;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.TupleTag;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;

/**
 * Takes of each source as many samples as a {@link Mixture} says, and gives each its place among
 * all: nothing moves until a step that writes in order makes the places real.
 *
 * <p>Input: bounded; the samples of all sources, each with its number. Output: each as often as it
 * is taken, keyed by its place.
 *
 * <p>Determinism: places depend on the mixture, the seed, and names, numbers and ids of samples
 * alone.
 *
 * <p>Guarantees: of any first {@code m} samples each source has its share, give or take one sample
 * and its share of as many as there are sources. With eleven sources, from 10,000 samples on, that
 * is within 1 % of every share of 0.0083 or more. A sample comes again only when all of its source
 * have come, and at least half as many samples later.
 *
 * <p>Samples that are not taken are in the ledger under step "mix", reason "not_taken"; repeats
 * come in there, as "read" and "tokenized".
 *
 * <pre>{@code
 * Mixture mixture = Mixture.of(sources, OptionalLong.empty(), new BigDecimal("0.05"));
 * rows.apply("Mix", MixSources.<Hdf5Row>by(mixture).withSeed(17)).into(accounts);
 * }</pre>
 *
 * @param <T> the type of the samples
 */
@AutoValue
public abstract class MixSources<T extends MixedSample<T>>
    extends PTransform<PCollection<T>, StepOutput<KV<OrderKey, T>>> {

  private static final String STEP = "mix";

  abstract Mixture getMixture();

  abstract long getSeed();

  /** Mixes by a plan. */
  public static <T extends MixedSample<T>> MixSources<T> by(Mixture mixture) {
    return new AutoValue_MixSources<>(mixture, 0L);
  }

  /** Another seed, another choice and another order. Default 0. */
  public MixSources<T> withSeed(long seed) {
    return new AutoValue_MixSources<>(getMixture(), seed);
  }

  @Override
  public StepOutput<KV<OrderKey, T>> expand(PCollection<T> input) {
    checkArgument(input.isBounded() == IsBounded.BOUNDED, "MixSources needs a bounded collection");
    TupleTag<KV<OrderKey, T>> placed = new TupleTag<>("placed") {};
    TreeMap<String, SourceOrder> orders = new TreeMap<>();
    for (Mixture.Part part : getMixture().parts()) {
      orders.put(part.source().name(), new SourceOrder(part, getSeed()));
    }
    return StepOutput.of(
        placed,
        input.apply(
            "AssignPlaces",
            ParDo.of(new PlaceFn<T>(orders)).withOutputTags(placed, StepOutput.SIDE_TAGS)),
        KvCoder.of(OrderKey.OrderKeyCoder.of(), input.getCoder()));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    for (Mixture.Part part : getMixture().parts()) {
      builder.add(
          DisplayData.item("samples-" + part.source().name(), part.samples())
              .withLabel("Samples of " + part.source().name()));
    }
    builder.add(DisplayData.item("seed", getSeed()).withLabel("Seed"));
  }

  private static final class PlaceFn<T extends MixedSample<T>> extends DoFn<T, KV<OrderKey, T>> {
    private final Counter samplesDropped = Metrics.counter(MixSources.class, "samplesDropped");
    private final Map<String, SourceOrder> orders;
    private transient Tally tally;

    PlaceFn(Map<String, SourceOrder> orders) {
      this.orders = orders;
    }

    @StartBundle
    public void startBundle() {
      tally = new Tally();
    }

    @ProcessElement
    public void process(@Element T sample, OutputReceiver<KV<OrderKey, T>> out) {
      SourceOrder order = orders.get(sample.source());
      if (order == null) {
        throw new IllegalArgumentException(
            sample.id() + " is of source " + sample.source() + ", expected " + orders.keySet());
      }
      boolean taken = false;
      for (int repeat = 0; repeat < order.mostTimes(); repeat++) {
        long rank = order.rank(sample.number(), repeat);
        if (rank >= 0) {
          taken = true;
          T each = repeat == 0 ? sample : sample.repeated(repeat);
          out.output(KV.of(order.key(rank, each.id()), each));
          if (repeat > 0) {
            tallyIn(each);
          }
        }
      }
      if (!taken) {
        sample.tallyTo(tally, STEP, "not_taken");
        samplesDropped.inc();
      }
    }

    private void tallyIn(T repeated) {
      Tally one = new Tally();
      repeated.tallyTo(one, STEP, Ledger.READ);
      for (LedgerEntry entry : one.entries()) {
        tally.add(entry.source(), STEP, Ledger.READ, entry.documents(), entry.bytes(), 0);
        tally.add(entry.source(), STEP, Ledger.TOKENIZED, 0, 0, entry.tokens());
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      tally.flush(StepOutput.ENTRIES, context);
    }
  }
}
