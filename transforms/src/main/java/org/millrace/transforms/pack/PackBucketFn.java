package org.millrace.transforms.pack;

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
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.PieceCut;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.hash.StableRandom;
import org.millrace.transforms.ledger.Carried;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;
import org.millrace.transforms.sort.Block;
import org.millrace.transforms.sort.SortedSpool;

/** Packs the documents of a bucket, in the order of their keys. */
final class PackBucketFn<E> extends DoFn<KV<Integer, Iterable<Block>>, PackedSequence> {

  private static final PieceCut LEFTOVER = new PieceCut("pack", "leftover");
  private static final PieceCut SHORT = new PieceCut("pack", "short_sequence");

  private final Counter sequencesPacked = Metrics.counter(PackSequences.class, "sequencesPacked");
  private final int length;
  private final int buckets;
  private final int padding;
  private final boolean leftoverPadded;
  private final List<String> sources;
  private final double shortRate;
  private final StableHash hash;
  private final Coder<E> coder;
  private final SerializableFunction<E, Carried<TokenizedDocument>> carried;
  private transient Tally tally;

  PackBucketFn(
      PackSequences settings,
      Coder<E> coder,
      SerializableFunction<E, Carried<TokenizedDocument>> carried) {
    this.coder = coder;
    this.carried = carried;
    this.length = settings.getLength();
    this.buckets = settings.getBuckets();
    this.padding = settings.getPadding();
    this.leftoverPadded = settings.isLeftoverPadded();
    this.sources = settings.getSources();
    this.shortRate = settings.getShortRate();
    this.hash = StableHash.of("short_sequence", settings.getSeed());
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
      SequenceNumbers numbers =
          new SequenceNumbers(bucket.getKey(), outputs.get(PackSequences.SEQUENCES));
      SequencePacker packer = new SequencePacker(length);
      while (documents.hasNext()) {
        Carried<TokenizedDocument> next = carried.apply(documents.next());
        if (next.isElement()) {
          packer.add(next.element(), numbers::putFull);
        } else {
          outputs.get(StepOutput.NOTES).output(next.note());
        }
      }
      packer.finish(
          numbers::putFull,
          leftoverPadded
              ? (rest, from, next) -> numbers.put(pad(rest), from, next)
              : (rest, from, next) -> LEFTOVER.drop(from, tally));
    } finally {
      Files.delete(folder);
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
    private final String prefix;
    private final OutputReceiver<PackedSequence> out;
    private long number;

    SequenceNumbers(int group, OutputReceiver<PackedSequence> out) {
      this.bucket = group % buckets;
      this.prefix = (sources.isEmpty() ? "" : sources.get(group / buckets) + "/") + bucket + "/";
      this.out = out;
    }

    /** Puts a full sequence out, or its beginning, as is drawn. */
    void putFull(TokenIds tokens, List<Piece> pieces, OptionalInt nextToken) {
      if (shortRate == 0 || length < 3) {
        put(tokens, pieces, nextToken);
        return;
      }
      StableRandom random = StableRandom.of(hash.keyOf(prefix + number), 0);
      if (!random.chance(shortRate)) {
        put(tokens, pieces, nextToken);
        return;
      }
      // Cerebras' modelzoo draws the length of the window, 2 to length - 1.
      int kept = 2 + random.upTo(length - 3);
      put(pad(tokens.slice(0, kept)), SHORT.at(kept, pieces, tally), OptionalInt.empty());
    }

    void put(TokenIds tokens, List<Piece> pieces, OptionalInt nextToken) {
      out.output(
          new PackedSequence(
              OrderKey.natural(bucket, buckets, number),
              prefix + number,
              tokens,
              pieces,
              nextToken));
      number++;
      sequencesPacked.inc();
    }
  }
}
