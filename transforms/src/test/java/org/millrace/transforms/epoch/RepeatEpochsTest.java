package org.millrace.transforms.epoch;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalInt;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.StepOutput;

class RepeatEpochsTest {

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  private static TokenizedDocument document(String id) {
    return new TokenizedDocument(new OrderKey(1, 2), id, "web", 5, TokenIds.of(7, 8));
  }

  private static PackedSequence sequence(String id) {
    return new PackedSequence(
        new OrderKey(1, 2),
        id,
        TokenIds.of(7, 8, 9),
        List.of(new Piece("web", 2, false, true, 0), new Piece("web", 1, true, false, 6)),
        OptionalInt.of(3));
  }

  @Test
  void givesEachDocumentOnceAnEpochAndCountsAllButTheFirst() {
    StepOutput<TokenizedDocument> repeated =
        pipeline.apply(Create.of(document("a:0"))).apply(RepeatEpochs.ofDocuments(3));

    PAssert.that(repeated.elements())
        .containsInAnyOrder(document("a:0#0"), document("a:0#1"), document("a:0#2"));
    PAssert.thatSingleton(repeated.entries().apply(Ledger.sum()))
        .isEqualTo(
            new Ledger(List.of(new LedgerEntry("web", "epochs", Ledger.REPEATED, 2, 10, 4))));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void givesEachSequenceOnceAnEpoch() {
    StepOutput<PackedSequence> repeated =
        pipeline.apply(Create.of(sequence("0/4"))).apply(RepeatEpochs.ofSequences(2));

    PAssert.that(repeated.elements()).containsInAnyOrder(sequence("0/4#0"), sequence("0/4#1"));
    PAssert.thatSingleton(repeated.entries().apply(Ledger.sum()))
        .isEqualTo(new Ledger(List.of(new LedgerEntry("web", "epochs", Ledger.REPEATED, 1, 6, 3))));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void oneEpochChangesNothing() {
    StepOutput<PackedSequence> repeated =
        pipeline.apply(Create.of(sequence("0/4"))).apply(RepeatEpochs.ofSequences(1));

    PAssert.that(repeated.elements()).containsInAnyOrder(sequence("0/4"));
    PAssert.that(repeated.entries()).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void refusesNoEpochAndIsSerializable() {
    assertThrows(IllegalArgumentException.class, () -> RepeatEpochs.ofDocuments(0));
    SerializableUtils.ensureSerializable(RepeatEpochs.ofSequences(2));
  }
}
