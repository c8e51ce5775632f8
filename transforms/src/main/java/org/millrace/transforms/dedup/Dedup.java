package org.millrace.transforms.dedup;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.TupleTag;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;
import org.millrace.transforms.sort.Block;
import org.millrace.transforms.sort.SortedGroups;
import org.millrace.transforms.sort.SortedSpool;

/**
 * Removes documents whose text has been seen before.
 *
 * <p>{@link #exact} compares whole texts, by the first 16 bytes of SHA-256 of their UTF-8. Of equal
 * texts the one that comes first in the input survives: the smallest {@link Document#position},
 * then id. The others are in the ledger under step "dedup", reason "exact_duplicate".
 *
 * <p>Determinism: depends on the documents alone. Limits: bounded input; a group of hashes is
 * spooled to local disk, never held in memory.
 */
public final class Dedup {

  private Dedup() {}

  /** Keeps one document of each text. */
  public static Exact exact() {
    return new Exact();
  }

  /** See {@link Dedup#exact}. */
  public static final class Exact extends PTransform<PCollection<Document>, StepOutput<Document>> {

    /** Does not change the output, only how large a spool gets: a terabyte of text is 4 GB each. */
    private static final int GROUPS = 256;

    private Exact() {}

    @Override
    public StepOutput<Document> expand(PCollection<Document> input) {
      checkArgument(input.isBounded() == IsBounded.BOUNDED, "Dedup needs a bounded collection");
      TupleTag<Document> kept = new TupleTag<>("documents") {};
      return StepOutput.of(
          kept,
          input
              .apply("KeyByText", ParDo.of(new KeyByTextFn()))
              .setCoder(KvCoder.of(OrderKey.OrderKeyCoder.of(), Document.DocumentCoder.of()))
              .apply("GroupByText", SortedGroups.into(GROUPS))
              .apply(
                  "KeepFirst",
                  ParDo.of(new KeepFirstFn()).withOutputTags(kept, StepOutput.SIDE_TAGS)),
          Document.DocumentCoder.of());
    }
  }

  private static final class KeyByTextFn extends DoFn<Document, KV<OrderKey, Document>> {
    @ProcessElement
    public void process(@Element Document document, OutputReceiver<KV<OrderKey, Document>> out) {
      ByteBuffer digest =
          ByteBuffer.wrap(
              StableHash.sha256().digest(document.text().getBytes(StandardCharsets.UTF_8)));
      out.output(KV.of(new OrderKey(digest.getLong(), digest.getLong()), document));
    }
  }

  private static final class KeepFirstFn extends DoFn<KV<Integer, Iterable<Block>>, Document> {
    private final Counter documentsDropped = Metrics.counter(Dedup.class, "documentsDropped");
    private transient Tally tally;

    @StartBundle
    public void startBundle() {
      tally = new Tally();
    }

    @ProcessElement
    public void process(@Element KV<Integer, Iterable<Block>> group, OutputReceiver<Document> out)
        throws IOException {
      Path folder = Files.createTempDirectory("millrace-dedup-");
      // Equal keys are ordered by encoded bytes, and a document's begin with its position.
      try (SortedSpool<Document> documents =
          SortedSpool.of(group.getValue(), Document.DocumentCoder.of(), folder.resolve("spool"))) {
        OrderKey last = null;
        while (documents.hasNext()) {
          OrderKey key = documents.nextKey();
          Document document = documents.next();
          if (key.equals(last)) {
            document.tallyTo(tally, "dedup", "exact_duplicate");
            documentsDropped.inc();
          } else {
            out.output(document);
          }
          last = key;
        }
      } finally {
        Files.delete(folder);
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      tally.flush(StepOutput.ENTRIES, context);
    }
  }
}
