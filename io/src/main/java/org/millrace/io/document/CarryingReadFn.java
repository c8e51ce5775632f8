package org.millrace.io.document;

import java.io.IOException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.ledger.Carried;
import org.millrace.transforms.ledger.Note;

/** Reads ranges; all that is not a document goes along as notes. */
final class CarryingReadFn extends ReadFn<Carried<Document>> {

  CarryingReadFn(ReadSettings settings, @Nullable String source) {
    super(settings, source);
  }

  @ProcessElement
  public void process(@Element FileRange range, OutputReceiver<Carried<Document>> out)
      throws IOException {
    read(
        range,
        new ReadReceiver() {
          @Override
          public void document(Document document) {
            out.output(Carried.of(document));
          }

          @Override
          public void bad(BadRecord bad) {
            out.output(Carried.note(new Note.Bad(bad)));
          }

          @Override
          public void input(InputCount count) {
            out.output(Carried.note(new Note.Fact(count.toFact())));
          }
        });
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    Carried.flush(tally, context);
  }
}
