package org.millrace.transforms.sample;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;

/**
 * Keeps a share of the documents, each decided by a hash of seed and id, with the purpose "sample".
 *
 * <p>Determinism: depends on ids, seed and rate alone. Samples are nested: with one seed, the
 * documents of a smaller rate are among those of a larger one. Dropped documents are in the ledger
 * under step "sample", reason "not_sampled".
 *
 * <pre>{@code
 * documents.apply("Sample", SampleDocuments.atRate(0.1).withSeed(17)).into(accounts);
 * }</pre>
 */
@AutoValue
public abstract class SampleDocuments
    extends PTransform<PCollection<Document>, StepOutput<Document>> {

  abstract double getRate();

  abstract long getSeed();

  /** Keeps each document with probability {@code rate}, 0 to 1. */
  public static SampleDocuments atRate(double rate) {
    checkArgument(rate >= 0 && rate <= 1, "rate must be in 0..1, was %s", rate);
    return new AutoValue_SampleDocuments(rate, 0L);
  }

  /** Another seed, another sample. Default 0. */
  public SampleDocuments withSeed(long seed) {
    return new AutoValue_SampleDocuments(getRate(), seed);
  }

  @Override
  public StepOutput<Document> expand(PCollection<Document> input) {
    TupleTag<Document> kept = new TupleTag<>("documents") {};
    return StepOutput.of(
        kept,
        input.apply(
            "SelectByHash",
            ParDo.of(new SelectFn(StableHash.of("sample", getSeed()), getRate()))
                .withOutputTags(kept, StepOutput.SIDE_TAGS)),
        Document.DocumentCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("rate", getRate()).withLabel("Share of documents kept"));
    builder.add(DisplayData.item("seed", getSeed()).withLabel("Seed"));
  }

  private static final class SelectFn extends DoFn<Document, Document> {
    private final Counter documentsDropped =
        Metrics.counter(SampleDocuments.class, "documentsDropped");
    private final StableHash hash;
    private final double rate;
    private transient Tally tally;

    SelectFn(StableHash hash, double rate) {
      this.hash = hash;
      this.rate = rate;
    }

    @StartBundle
    public void startBundle() {
      tally = new Tally();
    }

    @ProcessElement
    public void process(@Element Document document, OutputReceiver<Document> out) {
      if (hash.selects(document.id(), rate)) {
        out.output(document);
      } else {
        document.tallyTo(tally, "sample", "not_sampled");
        documentsDropped.inc();
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      tally.flush(StepOutput.ENTRIES, context);
    }
  }
}
