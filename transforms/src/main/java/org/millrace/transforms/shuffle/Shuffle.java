package org.millrace.transforms.shuffle;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.Traceable;
import org.millrace.transforms.hash.StableHash;

/**
 * Puts elements in order, by giving each its position: nothing moves until a step that reads or
 * writes in order makes the positions real.
 *
 * <p>{@link #globally} is a permutation of the whole dataset; {@link #none} keeps the order of the
 * input. Both depend on the elements' ids, or positions, and on the seed alone.
 *
 * <pre>{@code
 * PCollection<KV<OrderKey, Document>> shuffled =
 *     documents.apply("ShuffleDocuments", Shuffle.<Document>globally().withSeed(17));
 * }</pre>
 */
public final class Shuffle {

  private Shuffle() {}

  /**
   * A permutation of all elements: the position is a hash of seed and id, with the purpose
   * "shuffle".
   */
  public static <T extends Traceable> Globally<T> globally() {
    return new AutoValue_Shuffle_Globally<>(0L);
  }

  /** The order of the input: the position is the element's own. */
  public static <T extends Traceable> None<T> none() {
    return new None<>();
  }

  /** See {@link Shuffle#globally}. */
  @AutoValue
  public abstract static class Globally<T extends Traceable>
      extends PTransform<PCollection<T>, PCollection<KV<OrderKey, T>>> {

    abstract long getSeed();

    /** Another seed, another permutation. Default 0. */
    public Globally<T> withSeed(long seed) {
      return new AutoValue_Shuffle_Globally<>(seed);
    }

    @Override
    public PCollection<KV<OrderKey, T>> expand(PCollection<T> input) {
      return keyed(input, new HashKeyFn<>(StableHash.of("shuffle", getSeed())));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder.add(DisplayData.item("seed", getSeed()).withLabel("Seed"));
    }
  }

  /** See {@link Shuffle#none}. */
  public static final class None<T extends Traceable>
      extends PTransform<PCollection<T>, PCollection<KV<OrderKey, T>>> {

    private None() {}

    @Override
    public PCollection<KV<OrderKey, T>> expand(PCollection<T> input) {
      return keyed(input, new PositionKeyFn<>());
    }
  }

  private static <T extends Traceable> PCollection<KV<OrderKey, T>> keyed(
      PCollection<T> input, DoFn<T, KV<OrderKey, T>> keyFn) {
    checkArgument(input.isBounded() == IsBounded.BOUNDED, "Shuffle needs a bounded collection");
    return input
        .apply("AssignPosition", ParDo.of(keyFn))
        .setCoder(KvCoder.of(OrderKey.OrderKeyCoder.of(), input.getCoder()));
  }

  private static final class HashKeyFn<T extends Traceable> extends DoFn<T, KV<OrderKey, T>> {
    private final StableHash hash;

    HashKeyFn(StableHash hash) {
      this.hash = hash;
    }

    @ProcessElement
    public void process(@Element T element, OutputReceiver<KV<OrderKey, T>> out) {
      out.output(KV.of(hash.keyOf(element.id()), element));
    }
  }

  private static final class PositionKeyFn<T extends Traceable> extends DoFn<T, KV<OrderKey, T>> {
    @ProcessElement
    public void process(@Element T element, OutputReceiver<KV<OrderKey, T>> out) {
      out.output(KV.of(element.position(), element));
    }
  }
}
