package org.millrace.io.document;

import java.io.IOException;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.ledger.StepOutput;

/** Reads ranges; each kind of output has its tag. */
final class TaggedReadFn extends ReadFn<Document> {

  static final TupleTag<Document> DOCUMENTS = new TupleTag<>("documents") {};
  static final TupleTag<InputCount> INPUT_COUNTS = new TupleTag<>("inputs") {};

  TaggedReadFn(ReadSettings settings, @Nullable String source) {
    super(settings, source);
  }

  @ProcessElement
  public void process(@Element FileRange range, MultiOutputReceiver out) throws IOException {
    read(
        range,
        new ReadReceiver() {
          @Override
          public void document(Document document) {
            out.get(DOCUMENTS).output(document);
          }

          @Override
          public void bad(BadRecord bad) {
            out.get(StepOutput.BAD_RECORDS).output(bad);
          }

          @Override
          public void input(InputCount count) {
            out.get(INPUT_COUNTS).output(count);
          }
        });
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    tally.flush(StepOutput.ENTRIES, context);
  }
}
