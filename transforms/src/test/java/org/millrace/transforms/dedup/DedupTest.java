package org.millrace.transforms.dedup;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.StepOutput;

class DedupTest {

  private static Document document(int position, String source, String text) {
    // Ids run against the positions, so that a survivor chosen by id would be another one.
    return new Document(new OrderKey(0, position), "z:" + (99 - position), source, text, "{}");
  }

  @Test
  void exactKeepsTheFirstOfEachTextAndCountsTheOthers() {
    Document one = document(1, "a", "same");
    Document other = document(2, "a", "Same");
    Document empty = document(3, "b", "");
    List<Document> documents =
        new ArrayList<>(
            List.of(
                one,
                other,
                empty,
                document(4, "b", "same"),
                document(5, "a", "same"),
                document(6, "b", "")));
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Collections.shuffle(documents, new Random(11));

    StepOutput<Document> kept = pipeline.apply(Create.of(documents)).apply(Dedup.exact());

    PAssert.that(kept.elements()).containsInAnyOrder(one, other, empty);
    PAssert.thatSingleton(kept.entries().apply(Ledger.sum()))
        .isEqualTo(
            new Ledger(
                List.of(
                    new LedgerEntry("a", "dedup", "exact_duplicate", 1, 4, 0),
                    new LedgerEntry("b", "dedup", "exact_duplicate", 2, 4, 0))));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void isSerializable() {
    SerializableUtils.ensureSerializable(Dedup.exact());
  }
}
