package org.millrace.transforms.clean;

import com.google.auto.value.AutoValue;
import java.text.Normalizer;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;

/**
 * Brings texts into one of Unicode's normal forms, and undoes, on request, that UTF-8 was once read
 * as Latin-1. By default it changes nothing: prose gains by NFC, while both can alter source code.
 *
 * <p>Determinism: depends on the text alone. What texts lose in bytes is in the ledger under step
 * "normalize", reason "normalized", what they gain under the reason "added".
 *
 * <pre>{@code
 * documents.apply("Normalize", NormalizeText.unchanged().withForm(Normalizer.Form.NFC))
 * }</pre>
 */
@AutoValue
public abstract class NormalizeText
    extends PTransform<PCollection<Document>, StepOutput<Document>> {

  private static final String STEP = "normalize";

  abstract @Nullable String getForm();

  abstract boolean isMending();

  /** Leaves texts as they are. */
  public static NormalizeText unchanged() {
    return new AutoValue_NormalizeText(null, false);
  }

  /** Brings texts into a normal form. */
  public NormalizeText withForm(Normalizer.Form form) {
    return new AutoValue_NormalizeText(form.name(), isMending());
  }

  /** Mends lines of UTF-8 that were read as Latin-1 or Windows-1252, before anything else. */
  public NormalizeText withMojibakeMended() {
    return new AutoValue_NormalizeText(getForm(), true);
  }

  @Override
  public StepOutput<Document> expand(PCollection<Document> input) {
    TupleTag<Document> documents = new TupleTag<>("documents") {};
    return StepOutput.of(
        documents,
        input.apply(
            "NormalizeEach",
            ParDo.of(new NormalizeFn(getForm(), isMending()))
                .withOutputTags(documents, StepOutput.SIDE_TAGS)),
        Document.DocumentCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.addIfNotNull(DisplayData.item("form", getForm()));
    builder.add(DisplayData.item("mojibakeMended", isMending()));
  }

  private static final class NormalizeFn extends DoFn<Document, Document> {
    private final Normalizer.@Nullable Form form;
    private final boolean mending;
    private transient Tally tally;

    NormalizeFn(@Nullable String form, boolean mending) {
      this.form = form == null ? null : Normalizer.Form.valueOf(form);
      this.mending = mending;
    }

    @StartBundle
    public void startBundle() {
      tally = new Tally();
    }

    @ProcessElement
    public void process(@Element Document document, OutputReceiver<Document> out) {
      String text = mending ? Mojibake.mend(document.text()) : document.text();
      if (form != null) {
        text = Normalizer.normalize(text, form);
      }
      if (text.equals(document.text())) {
        out.output(document);
        return;
      }
      Document changed =
          new Document(
              document.position(), document.id(), document.source(), text, document.meta());
      long more = changed.bytes() - document.bytes();
      if (more > 0) {
        tally.add(document.source(), STEP, Ledger.ADDED, 0, more, 0);
      } else if (more < 0) {
        tally.add(document.source(), STEP, "normalized", 0, -more, 0);
      }
      out.output(changed);
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      tally.flush(StepOutput.ENTRIES, context);
    }
  }
}
