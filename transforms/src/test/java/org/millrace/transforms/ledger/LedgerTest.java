package org.millrace.transforms.ledger;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static final LedgerEntry READ = new LedgerEntry("web", "read", Ledger.READ, 3, 30, 0);
  private static final LedgerEntry BAD = new LedgerEntry("web", "read", Ledger.BAD, 1, 0, 0);
  private static final LedgerEntry TOKENIZED =
      new LedgerEntry("web", "tokenize", Ledger.TOKENIZED, 2, 30, 12);
  private static final LedgerEntry LEFTOVER = new LedgerEntry("web", "pack", "leftover", 0, 0, 4);
  private static final LedgerEntry WRITTEN =
      new LedgerEntry("web", "write", Ledger.WRITTEN, 2, 30, 8);

  @Test
  void balancesWhenAllThatCameInWentSomewhere() {
    Ledger ledger = new Ledger(List.of(LEFTOVER, BAD, READ, TOKENIZED, WRITTEN));
    assertThat(ledger.imbalances(), empty());
    assertThat(ledger.documents(Ledger.READ), equalTo(3L));
    assertThat(ledger.tokens(Ledger.WRITTEN), equalTo(8L));
  }

  @Test
  void saysWhatIsMissingFromWhichSource() {
    Ledger ledger = new Ledger(List.of(BAD, READ, TOKENIZED, WRITTEN));
    assertThat(
        ledger.imbalances(),
        contains(equalTo("source web: 12 tokens came in, 8 are accounted for (-4)")));
  }

  @Test
  void oneSourceDoesNotMakeUpForAnother() {
    Ledger ledger =
        new Ledger(
            List.of(
                new LedgerEntry("a", "read", Ledger.READ, 1, 0, 0),
                new LedgerEntry("b", "write", Ledger.WRITTEN, 1, 0, 0)));
    assertThat(
        ledger.imbalances(),
        contains(containsString("source a: 1"), containsString("source b: 0")));
  }

  @Test
  void sumsPartialEntriesInAPipeline() {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    PAssert.thatSingleton(pipeline.apply(Create.of(READ, BAD, READ)).apply("Sum", Ledger.sum()))
        .isEqualTo(new Ledger(List.of(BAD, new LedgerEntry("web", "read", Ledger.READ, 6, 60, 0))));
    PAssert.thatSingleton(
            pipeline
                .apply("None", Create.empty(LedgerEntry.LedgerEntryCoder.of()))
                .apply("SumOfNone", Ledger.sum()))
        .isEqualTo(new Ledger(List.of()));
    pipeline.run().waitUntilFinish();
  }
}
