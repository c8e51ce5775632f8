package org.millrace.transforms.pack;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.Carried;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.sort.SortedGroups;

/**
 * Makes sequences of equal length: in each packing bucket the documents are concatenated in the
 * order of their keys, and the stream is cut every {@code sequenceLength} tokens.
 *
 * <p>Input: tokenized documents, keyed by their position. Output: sequences with the id {@code
 * bucket/number}. A bucket is an equal range of the keys; it is packed by one worker, so that there
 * should be more buckets than workers.
 *
 * <p>Determinism: depends on keys, documents, length, number of buckets and the leftover policy
 * alone.
 *
 * <p>What is left at the end of a bucket, less than one sequence, is dropped and in the ledger
 * under step "pack", reason "leftover"; or, with {@link #withPadding}, filled up with a padding
 * token.
 *
 * <p>{@link #bySource} packs each source by itself, so that no sequence holds documents of two;
 * then ids are {@code source/bucket/number}. {@link #withShortSequences} cuts some sequences short,
 * as BERT's data preparation did; what is cut off is dropped with the reason "short_sequence".
 *
 * <pre>{@code
 * PCollection<PackedSequence> sequences =
 *     shuffled.apply("Pack", PackSequences.toLength(2048).withBuckets(64)).into(accounts);
 * }</pre>
 */
@AutoValue
public abstract class PackSequences
    extends PTransform<PCollection<KV<OrderKey, TokenizedDocument>>, StepOutput<PackedSequence>> {

  /** What stands for no padding token: leftovers are dropped. */
  static final int DROP = -1;

  static final TupleTag<PackedSequence> SEQUENCES = new TupleTag<>("sequences") {};

  abstract int getLength();

  abstract int getBuckets();

  abstract int getPadding();

  abstract boolean isLeftoverPadded();

  /** Empty where all sources are packed together. */
  abstract List<String> getSources();

  abstract double getShortRate();

  abstract long getSeed();

  abstract Builder toBuilder();

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setLength(int length);

    abstract Builder setBuckets(int buckets);

    abstract Builder setPadding(int padding);

    abstract Builder setLeftoverPadded(boolean padded);

    abstract Builder setSources(List<String> sources);

    abstract Builder setShortRate(double rate);

    abstract Builder setSeed(long seed);

    abstract PackSequences build();
  }

  /** Sequences of {@code length} tokens, 1 or more. */
  public static PackSequences toLength(int length) {
    checkArgument(length > 0, "length must be 1 or more, was %s", length);
    return new AutoValue_PackSequences.Builder()
        .setLength(length)
        .setBuckets(1)
        .setPadding(DROP)
        .setLeftoverPadded(false)
        .setSources(List.of())
        .setShortRate(0)
        .setSeed(0)
        .build();
  }

  /**
   * The number of packing buckets, 1 or more; default 1. Part of the recipe: it decides which
   * documents meet.
   */
  public PackSequences withBuckets(int buckets) {
    checkArgument(buckets > 0, "buckets must be 1 or more, was %s", buckets);
    return toBuilder().setBuckets(buckets).build();
  }

  /** Fills leftovers, and sequences that are cut short, up with this token. */
  public PackSequences withPadding(int token) {
    checkArgument(token >= 0, "padding token must not be negative, was %s", token);
    return toBuilder().setPadding(token).setLeftoverPadded(true).build();
  }

  /** Whether leftovers are filled up, or else dropped although there is a padding token. */
  public PackSequences withLeftoverPadded(boolean padded) {
    return toBuilder().setLeftoverPadded(padded).build();
  }

  /**
   * Packs each of these sources by itself, in as many buckets as are asked for. There must be no
   * others.
   */
  public PackSequences bySource(List<String> sources) {
    checkArgument(!sources.isEmpty(), "sources: at least one is needed, got none");
    return toBuilder().setSources(List.copyOf(sources)).build();
  }

  /**
   * Cuts a share of the full sequences short, to 2 or more tokens, and pads them; needs {@link
   * #withPadding}.
   *
   * @param rate the share, 0 to 1
   * @param seed another one, other sequences
   */
  public PackSequences withShortSequences(double rate, long seed) {
    checkArgument(rate >= 0 && rate <= 1, "rate must be in 0..1, was %s", rate);
    return toBuilder().setShortRate(rate).setSeed(seed).build();
  }

  @Override
  public StepOutput<PackedSequence> expand(PCollection<KV<OrderKey, TokenizedDocument>> input) {
    return pack(input, TokenizedDocument.TokenizedDocumentCoder.of(), Carried::of);
  }

  /**
   * The same for documents among which notes travel: what they say is added to the step's output,
   * {@link StepOutput#facts} included. See {@link Carried}.
   */
  public Carrying carrying() {
    return new Carrying(this);
  }

  private <E> StepOutput<PackedSequence> pack(
      PCollection<KV<OrderKey, E>> input,
      Coder<E> coder,
      SerializableFunction<E, Carried<TokenizedDocument>> carried) {
    checkArgument(
        getPadding() != DROP || (getShortRate() == 0 && !isLeftoverPadded()),
        "sequences that are padded need a padding token; give withPadding(...) too");
    return StepOutput.ofNotes(
        SEQUENCES,
        input
            .apply("GroupByBucket", groups(carried))
            .apply(
                "PackBucket",
                ParDo.of(new PackBucketFn<>(this, coder, carried))
                    .withOutputTags(SEQUENCES, TupleTagList.of(StepOutput.NOTES))),
        PackedSequence.PackedSequenceCoder.of());
  }

  private <E> SortedGroups<E> groups(SerializableFunction<E, Carried<TokenizedDocument>> carried) {
    int buckets = getBuckets();
    List<String> sources = getSources();
    if (sources.isEmpty()) {
      return SortedGroups.into(buckets);
    }
    return SortedGroups.by(
        sources.size() * buckets,
        (key, element) -> {
          Carried<TokenizedDocument> document = carried.apply(element);
          int source = document.isElement() ? number(sources, document.element().source()) : 0;
          return source * buckets + key.part(buckets);
        });
  }

  private static int number(List<String> sources, String source) {
    int number = sources.indexOf(source);
    checkArgument(
        number >= 0, "a document is of the source %s, which is none of %s", source, sources);
    return number;
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("length", getLength()).withLabel("Tokens in a sequence"));
    builder.add(DisplayData.item("buckets", getBuckets()).withLabel("Packing buckets"));
    builder.addIfNotDefault(
        DisplayData.item("padding", getPadding()).withLabel("Padding token"), DROP);
    builder.add(
        DisplayData.item("leftoverPadded", isLeftoverPadded()).withLabel("Leftovers padded"));
    builder.addIfNotDefault(
        DisplayData.item("sources", String.join(", ", getSources())).withLabel("Packed apart"), "");
    builder.addIfNotDefault(
        DisplayData.item("shortRate", getShortRate()).withLabel("Share cut short"), 0.0);
    builder.addIfNotDefault(DisplayData.item("seed", getSeed()).withLabel("Seed"), 0L);
  }

  /** See {@link PackSequences#carrying}. */
  public static final class Carrying
      extends PTransform<
          PCollection<KV<OrderKey, Carried<TokenizedDocument>>>, StepOutput<PackedSequence>> {
    private final PackSequences pack;

    private Carrying(PackSequences pack) {
      this.pack = pack;
    }

    @Override
    public StepOutput<PackedSequence> expand(
        PCollection<KV<OrderKey, Carried<TokenizedDocument>>> input) {
      return pack.pack(
          input,
          Carried.CarriedCoder.of(TokenizedDocument.TokenizedDocumentCoder.of()),
          carried -> carried);
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder.delegate(pack);
    }
  }
}
