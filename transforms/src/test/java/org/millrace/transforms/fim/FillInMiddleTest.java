package org.millrace.transforms.fim;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.Tally;

class FillInMiddleTest {

  private static final FimTokens SENTINELS = new FimTokens(100, 101, 102, 103);

  private static final FimSettings SETTINGS =
      FimSettings.of(SENTINELS).withRate(0.5).withBos(1).withEos(2).withSeed(4);

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  private static List<TokenizedDocument> documents() {
    List<TokenizedDocument> documents = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      documents.add(
          new TokenizedDocument(
              new OrderKey(0, i), "f:" + i, "web", 9, TokenIds.of(1, 10, 11, 12, 13, 14, 2)));
    }
    return documents;
  }

  private static List<PackedSequence> sequences() {
    List<PackedSequence> sequences = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      sequences.add(
          new PackedSequence(
              new OrderKey(0, i),
              "0/" + i,
              TokenIds.of(9, 2, 1, 10, 11, 12, 2, 1),
              List.of(
                  new Piece("web", 2, false, true, 0),
                  new Piece("web", 5, true, true, 20),
                  new Piece("web", 1, true, false, 30)),
              OptionalInt.of(50)));
    }
    return sequences;
  }

  private static <T> List<T> permuted(
      List<T> elements,
      SamplePermuter<T> permuter,
      java.util.function.Function<T, String> id,
      FimCounts.Counter counter,
      Tally tally) {
    StableHash hash = StableHash.of("fim", 4);
    List<T> permuted = new ArrayList<>();
    for (T element : elements) {
      permuted.add(permuter.permute(element, hash.keyOf(id.apply(element)), counter, tally));
    }
    return permuted;
  }

  @Test
  void permutesDocumentsBetweenTheirBeginAndEnd() {
    FimCounts.Counter counter = new FimCounts.Counter();
    Tally tally = new Tally();
    List<TokenizedDocument> expected =
        permuted(
            documents(),
            new DocumentPermuter(SETTINGS.permuter(FimSpans.ofTokens()), SETTINGS.frame()),
            TokenizedDocument::id,
            counter,
            tally);
    assertThat(counter.counts().permuted(), greaterThan(10L));

    FillInMiddle.Output<TokenizedDocument> output =
        pipeline.apply(Create.of(documents())).apply(FillInMiddle.inDocuments(SETTINGS));

    PAssert.that(output.step().elements()).containsInAnyOrder(expected);
    PAssert.thatSingleton(output.counts().apply("SumCounts", FimCounts.sum())).isEqualTo(counter.counts());
    PAssert.thatSingleton(output.step().entries().apply(Ledger.sum()))
        .isEqualTo(
            new Ledger(
                List.of(
                    new LedgerEntry(
                        "web", "fim", Ledger.SENTINELS, 0, 0, 3 * counter.counts().permuted()))));
    pipeline.run().waitUntilFinish();
    for (TokenizedDocument document : expected) {
      int length = document.tokens().length();
      assertThat(document.tokens().get(0), equalTo(1));
      assertThat(document.tokens().get(length - 1), equalTo(2));
      assertThat(
          FimPattern.of(document.tokens().slice(1, length - 1), SENTINELS).original(),
          equalTo(TokenIds.of(10, 11, 12, 13, 14)));
    }
  }

  @Test
  void permutesSequencesAndKeepsTheirLengthAndTheLedgerInBalance() {
    FimCounts.Counter counter = new FimCounts.Counter();
    Tally tally = new Tally();
    List<PackedSequence> expected =
        permuted(
            sequences(),
            new SequencePermuter(
                SETTINGS.permuter(FimSpans.ofTokens()), SETTINGS.frame(), SENTINELS.pad()),
            PackedSequence::id,
            counter,
            tally);

    FillInMiddle.Output<PackedSequence> output =
        pipeline.apply(Create.of(sequences())).apply(FillInMiddle.inSequences(SETTINGS));

    PAssert.that(output.step().elements()).containsInAnyOrder(expected);
    PAssert.thatSingleton(output.step().entries().apply(Ledger.sum()))
        .isEqualTo(new Ledger(tally.entries()));
    pipeline.run().waitUntilFinish();
    Tally all = new Tally();
    tally.entries().forEach(all::add);
    expected.forEach(sequence -> sequence.tallyTo(all, "write", Ledger.WRITTEN));
    all.add("web", "read", Ledger.READ, 120, 60 * 50, 0);
    all.add("web", "tokenize", Ledger.TOKENIZED, 120, 0, 60 * 8);
    assertThat(new Ledger(all.entries()).imbalances(), empty());
    assertThat(expected.stream().map(s -> s.tokens().length()).distinct().toList(), hasItem(8));
    assertThat(expected.stream().map(s -> s.tokens().length()).distinct().count(), equalTo(1L));
  }

  @Test
  void everySettingChangesWhatComesOut() {
    List<FimSettings> all =
        List.of(
            SETTINGS,
            SETTINGS.withRate(0.9),
            SETTINGS.withSpmRate(1),
            SETTINGS.withSpmRate(1).withSpmVariant(SpmVariant.VARIANT_1),
            SETTINGS.withBos(7),
            SETTINGS.withEos(12));
    List<List<TokenizedDocument>> results = new ArrayList<>();
    for (FimSettings settings : all) {
      results.add(
          permuted(
              documents(),
              new DocumentPermuter(settings.permuter(FimSpans.ofTokens()), settings.frame()),
              TokenizedDocument::id,
              new FimCounts.Counter(),
              new Tally()));
    }

    assertThat(results.stream().distinct().count(), equalTo((long) all.size()));
    assertThat(
        DisplayData.from(FillInMiddle.inDocuments(SETTINGS)),
        not(equalTo(DisplayData.from(FillInMiddle.inDocuments(SETTINGS.withSeed(5))))));
  }

  @Test
  void refusesWhatIsNoRateAndNoToken() {
    assertThrows(IllegalArgumentException.class, () -> SETTINGS.withRate(1.1));
    assertThrows(IllegalArgumentException.class, () -> SETTINGS.withSpmRate(-0.1));
    assertThrows(IllegalArgumentException.class, () -> SETTINGS.withBos(-2));
    assertThrows(IllegalArgumentException.class, () -> SETTINGS.withEos(-2));
    assertThrows(IllegalArgumentException.class, () -> new FimTokens(1, 1, 2, 3));
    assertThrows(IllegalArgumentException.class, () -> new FimTokens(1, 2, 3, 3));
  }

  @Test
  void isSerializable() {
    SerializableUtils.ensureSerializable(FillInMiddle.inSequences(SETTINGS));
    SerializableUtils.ensureSerializable(FillInMiddle.inDocuments(SETTINGS));
  }
}
