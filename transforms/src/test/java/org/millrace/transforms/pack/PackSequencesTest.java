package org.millrace.transforms.pack;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.KV;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.Carried;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.Note;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.shuffle.Shuffle;

class PackSequencesTest {

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  /** Two documents in the lower half of the keys, one in the upper. */
  private StepOutput<PackedSequence> pack(PackSequences transform) {
    List<KV<OrderKey, TokenizedDocument>> documents = new ArrayList<>();
    documents.add(keyed(1, "a", 10, 1, 2, 9));
    documents.add(keyed(2, "b", 20, 3, 9));
    documents.add(keyed(-1, "b", 5, 4, 5, 9));
    Collections.shuffle(documents, new Random(3));
    return pipeline
        .apply(
            Create.of(documents)
                .withCoder(
                    KvCoder.of(
                        OrderKey.OrderKeyCoder.of(),
                        TokenizedDocument.TokenizedDocumentCoder.of())))
        .apply(transform);
  }

  private static KV<OrderKey, TokenizedDocument> keyed(
      long high, String source, long bytes, int... ids) {
    OrderKey key = new OrderKey(high, 0);
    return KV.of(key, new TokenizedDocument(key, "id" + high, source, bytes, TokenIds.of(ids)));
  }

  @Test
  void notesOfTheDocumentsComeOutBesideTheSequences() {
    LedgerEntry entry = new LedgerEntry("a", "read", Ledger.READ, 3, 35, 0);
    BadRecord bad = new BadRecord(new OrderKey(5, 5), "x:5", "a", "read", "Bad", "why", "{");
    List<Carried<TokenizedDocument>> carried =
        List.of(
            Carried.of(keyed(1, "a", 10, 1, 2, 9).getValue()),
            Carried.note(new Note.Entry(entry)),
            Carried.of(keyed(2, "b", 20, 3, 9).getValue()),
            Carried.note(new Note.Bad(bad)),
            Carried.note(new Note.Fact("35 2 x")));

    StepOutput<PackedSequence> packed =
        pipeline
            .apply(
                Create.of(carried)
                    .withCoder(
                        Carried.CarriedCoder.of(TokenizedDocument.TokenizedDocumentCoder.of())))
            .apply(Shuffle.none())
            .apply(PackSequences.toLength(2).carrying());

    PAssert.that(packed.elements())
        .containsInAnyOrder(
            sequence(
                0, 1, 0, TokenIds.of(1, 2), OptionalInt.of(9), new Piece("a", 2, true, false, 10)),
            sequence(
                0,
                1,
                1,
                TokenIds.of(9, 3),
                OptionalInt.of(9),
                new Piece("a", 1, false, true, 0),
                new Piece("b", 1, true, false, 20)));
    PAssert.that(packed.entries())
        .containsInAnyOrder(entry, new LedgerEntry("b", "pack", "leftover", 0, 0, 1));
    PAssert.that(packed.badRecords()).containsInAnyOrder(bad);
    PAssert.that(packed.facts()).containsInAnyOrder("35 2 x");
    pipeline.run();
  }

  private static PackedSequence sequence(
      int bucket, int buckets, int number, TokenIds tokens, OptionalInt next, Piece... pieces) {
    return new PackedSequence(
        OrderKey.natural(bucket, buckets, number),
        bucket + "/" + number,
        tokens,
        List.of(pieces),
        next);
  }

  @Test
  void packsEachBucketAndDropsLeftoversIntoTheLedger() {
    StepOutput<PackedSequence> packed = pack(PackSequences.toLength(2).withBuckets(2));

    PAssert.that(packed.elements())
        .containsInAnyOrder(
            sequence(
                0, 2, 0, TokenIds.of(1, 2), OptionalInt.of(9), new Piece("a", 2, true, false, 10)),
            sequence(
                0,
                2,
                1,
                TokenIds.of(9, 3),
                OptionalInt.of(9),
                new Piece("a", 1, false, true, 0),
                new Piece("b", 1, true, false, 20)),
            sequence(
                1, 2, 0, TokenIds.of(4, 5), OptionalInt.of(9), new Piece("b", 2, true, false, 5)));
    PAssert.thatSingleton(packed.entries().apply(Ledger.sum()))
        .isEqualTo(new Ledger(List.of(new LedgerEntry("b", "pack", "leftover", 0, 0, 2))));
    PAssert.that(packed.badRecords()).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void oneBucketIsTheDefault() {
    StepOutput<PackedSequence> packed = pack(PackSequences.toLength(8));

    PAssert.that(packed.elements())
        .containsInAnyOrder(
            sequence(
                0,
                1,
                0,
                TokenIds.of(1, 2, 9, 3, 9, 4, 5, 9),
                OptionalInt.empty(),
                new Piece("a", 3, true, true, 10),
                new Piece("b", 2, true, true, 20),
                new Piece("b", 3, true, true, 5)));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void padsLeftoversWhenAskedTo() {
    StepOutput<PackedSequence> packed =
        pack(PackSequences.toLength(6).withBuckets(2).withPadding(7));

    PAssert.that(packed.elements())
        .containsInAnyOrder(
            sequence(
                0,
                2,
                0,
                TokenIds.of(1, 2, 9, 3, 9, 7),
                OptionalInt.empty(),
                new Piece("a", 3, true, true, 10),
                new Piece("b", 2, true, true, 20)),
            sequence(
                1,
                2,
                0,
                TokenIds.of(4, 5, 9, 7, 7, 7),
                OptionalInt.empty(),
                new Piece("b", 3, true, true, 5)));
    PAssert.that(packed.entries()).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void packsSourcesApartFromEachOther() {
    StepOutput<PackedSequence> packed =
        pack(PackSequences.toLength(3).withBuckets(2).bySource(List.of("b", "a")));

    PAssert.that(packed.elements())
        .containsInAnyOrder(
            named("a/0/0", sequence(0, 2, 0, TokenIds.of(1, 2, 9), OptionalInt.empty(), A)),
            named(
                "b/1/0",
                sequence(
                    1,
                    2,
                    0,
                    TokenIds.of(4, 5, 9),
                    OptionalInt.empty(),
                    new Piece("b", 3, true, true, 5))));
    PAssert.thatSingleton(packed.entries().apply(Ledger.sum()))
        .isEqualTo(new Ledger(List.of(new LedgerEntry("b", "pack", "leftover", 1, 20, 2))));
    pipeline.run().waitUntilFinish();
  }

  private static final Piece A = new Piece("a", 3, true, true, 10);

  private static PackedSequence named(String id, PackedSequence sequence) {
    return new PackedSequence(
        sequence.position(), id, sequence.tokens(), sequence.pieces(), sequence.nextToken());
  }

  @Test
  void refusesASourceThatItWasNotToldOf() {
    pack(PackSequences.toLength(3).bySource(List.of("a")));

    Exception e = assertThrows(Exception.class, () -> pipeline.run().waitUntilFinish());
    assertThat(e.getMessage(), Matchers.containsString("the source b, which is none of [a]"));
  }

  @Test
  void cutsSequencesShortAndCountsWhatIsCutOff() {
    StepOutput<PackedSequence> packed =
        pack(PackSequences.toLength(3).withPadding(7).withShortSequences(1, 5));

    // Of three tokens two are left, the only length there is.
    PAssert.that(packed.elements())
        .containsInAnyOrder(
            sequence(
                0,
                1,
                0,
                TokenIds.of(1, 2, 7),
                OptionalInt.empty(),
                new Piece("a", 2, true, false, 10)),
            sequence(
                0,
                1,
                1,
                TokenIds.of(3, 9, 7),
                OptionalInt.empty(),
                new Piece("b", 2, true, true, 20)),
            // The leftover is as long as it is.
            sequence(
                0,
                1,
                2,
                TokenIds.of(5, 9, 7),
                OptionalInt.empty(),
                new Piece("b", 2, false, true, 0)));
    PAssert.thatSingleton(packed.entries().apply(Ledger.sum()))
        .isEqualTo(
            new Ledger(
                List.of(
                    new LedgerEntry("a", "pack", "short_sequence", 0, 0, 1),
                    new LedgerEntry("b", "pack", "short_sequence", 1, 5, 1))));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void leftoversMayBeDroppedAlthoughShortSequencesArePadded() {
    StepOutput<PackedSequence> packed =
        pack(PackSequences.toLength(6).withPadding(7).withLeftoverPadded(false));

    PAssert.thatSingleton(packed.entries().apply(Ledger.sum()))
        .isEqualTo(new Ledger(List.of(new LedgerEntry("b", "pack", "leftover", 0, 0, 2))));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void refusesWhatCannotBe() {
    assertThrows(IllegalArgumentException.class, () -> PackSequences.toLength(0));
    PackSequences transform = PackSequences.toLength(1);
    assertThrows(IllegalArgumentException.class, () -> transform.withBuckets(0));
    assertThrows(IllegalArgumentException.class, () -> transform.withPadding(-1));
    assertThrows(IllegalArgumentException.class, () -> transform.withShortSequences(1.5, 0));
    assertThrows(IllegalArgumentException.class, () -> transform.bySource(List.of()));
    assertThrows(IllegalArgumentException.class, () -> pack(transform.withShortSequences(0.5, 0)));
  }

  @Test
  void isSerializableAndShowsWhatItDependsOn() {
    PackSequences transform = PackSequences.toLength(4).withBuckets(2).withPadding(1);
    SerializableUtils.ensureSerializable(transform);
    assertThat(
        DisplayData.from(transform).asMap().keySet().stream().map(i -> i.getKey()).toList(),
        Matchers.containsInAnyOrder("length", "buckets", "padding", "leftoverPadded"));
  }
}
