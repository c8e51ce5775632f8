package org.millrace.transforms.pack;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
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
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.Carried;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;
import org.millrace.transforms.sort.Block;
import org.millrace.transforms.sort.SortedGroups;
import org.millrace.transforms.sort.SortedSpool;

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
 * <pre>{@code
 * PCollection<PackedSequence> sequences =
 *     shuffled.apply("Pack", PackSequences.toLength(2048).withBuckets(64)).into(accounts);
 * }</pre>
 */
@AutoValue
public abstract class PackSequences
    extends PTransform<PCollection<KV<OrderKey, TokenizedDocument>>, StepOutput<PackedSequence>> {

  /** What stands for no padding token: leftovers are dropped. */
  private static final int DROP = -1;

  private static final TupleTag<PackedSequence> SEQUENCES = new TupleTag<>("sequences") {};

  abstract int getLength();

  abstract int getBuckets();

  abstract int getPadding();

  /** Sequences of {@code length} tokens, 1 or more. */
  public static PackSequences toLength(int length) {
    checkArgument(length > 0, "length must be 1 or more, was %s", length);
    return new AutoValue_PackSequences(length, 1, DROP);
  }

  /**
   * The number of packing buckets, 1 or more; default 1. Part of the recipe: it decides which
   * documents meet.
   */
  public PackSequences withBuckets(int buckets) {
    checkArgument(buckets > 0, "buckets must be 1 or more, was %s", buckets);
    return new AutoValue_PackSequences(getLength(), buckets, getPadding());
  }

  /** Fills leftovers up with this token, in place of dropping them. */
  public PackSequences withPadding(int token) {
    checkArgument(token >= 0, "padding token must not be negative, was %s", token);
    return new AutoValue_PackSequences(getLength(), getBuckets(), token);
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
    return StepOutput.ofNotes(
        SEQUENCES,
        input
            .apply("GroupByBucket", SortedGroups.into(getBuckets()))
            .apply(
                "PackBucket",
                ParDo.of(new PackBucketFn<>(this, coder, carried))
                    .withOutputTags(SEQUENCES, TupleTagList.of(StepOutput.NOTES))),
        PackedSequence.PackedSequenceCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("length", getLength()).withLabel("Tokens in a sequence"));
    builder.add(DisplayData.item("buckets", getBuckets()).withLabel("Packing buckets"));
    builder.addIfNotDefault(
        DisplayData.item("padding", getPadding()).withLabel("Padding token"), DROP);
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

  private static final class PackBucketFn<E>
      extends DoFn<KV<Integer, Iterable<Block>>, PackedSequence> {
    private final Counter sequencesPacked = Metrics.counter(PackSequences.class, "sequencesPacked");
    private final int length;
    private final int buckets;
    private final int padding;
    private final Coder<E> coder;
    private final SerializableFunction<E, Carried<TokenizedDocument>> carried;
    private transient Tally tally;

    PackBucketFn(
        PackSequences pack,
        Coder<E> coder,
        SerializableFunction<E, Carried<TokenizedDocument>> carried) {
      this.length = pack.getLength();
      this.buckets = pack.getBuckets();
      this.padding = pack.getPadding();
      this.coder = coder;
      this.carried = carried;
    }

    @StartBundle
    public void startBundle() {
      tally = new Tally();
    }

    @ProcessElement
    public void process(@Element KV<Integer, Iterable<Block>> bucket, MultiOutputReceiver outputs)
        throws IOException {
      Path folder = Files.createTempDirectory("millrace-pack-");
      try (SortedSpool<E> documents =
          SortedSpool.of(bucket.getValue(), coder, folder.resolve("spool"))) {
        SequenceNumbers numbers = new SequenceNumbers(bucket.getKey(), outputs.get(SEQUENCES));
        SequencePacker packer = new SequencePacker(length);
        while (documents.hasNext()) {
          Carried<TokenizedDocument> next = carried.apply(documents.next());
          if (next.isElement()) {
            packer.add(next.element(), numbers::put);
          } else {
            outputs.get(StepOutput.NOTES).output(next.note());
          }
        }
        packer.finish(
            numbers::put,
            padding == DROP
                ? this::drop
                : (rest, from, next) -> numbers.put(pad(rest), from, next));
      } finally {
        Files.delete(folder);
      }
    }

    private void drop(TokenIds tokens, List<Piece> pieces, OptionalInt nextToken) {
      for (Piece piece : pieces) {
        tally.add(
            piece.source(),
            "pack",
            "leftover",
            piece.starts() ? 1 : 0,
            piece.bytes(),
            piece.tokens());
      }
    }

    private TokenIds pad(TokenIds tokens) {
      int[] padded = new int[length];
      tokens.copyTo(padded, 0);
      Arrays.fill(padded, tokens.length(), length, padding);
      return TokenIds.wrap(padded);
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      tally.flushNotes(context);
    }

    /** Gives the sequences of a bucket their ids. */
    private final class SequenceNumbers {
      private final int bucket;
      private final OutputReceiver<PackedSequence> out;
      private long number;

      SequenceNumbers(int bucket, OutputReceiver<PackedSequence> out) {
        this.bucket = bucket;
        this.out = out;
      }

      void put(TokenIds tokens, List<Piece> pieces, OptionalInt nextToken) {
        out.output(
            new PackedSequence(
                OrderKey.natural(bucket, buckets, number),
                bucket + "/" + number,
                tokens,
                pieces,
                nextToken));
        number++;
        sequencesPacked.inc();
      }
    }
  }
}
