package org.millrace.transforms.sample;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.StepOutput;

class SampleDocumentsTest {

  private static final List<Document> DOCUMENTS =
      IntStream.range(0, 200)
          .mapToObj(i -> new Document(new OrderKey(0, i), "f:" + i, "web", "12345", "{}"))
          .toList();

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  @Test
  void keepsWhatTheHashSelectsAndCountsTheRest() {
    StableHash hash = StableHash.of("sample", 9);
    List<Document> kept = DOCUMENTS.stream().filter(d -> hash.selects(d.id(), 0.25)).toList();
    assertThat(kept.size(), greaterThan(20));

    StepOutput<Document> sampled =
        pipeline.apply(Create.of(DOCUMENTS)).apply(SampleDocuments.atRate(0.25).withSeed(9));

    long dropped = DOCUMENTS.size() - kept.size();
    PAssert.that(sampled.elements()).containsInAnyOrder(kept);
    PAssert.thatSingleton(sampled.entries().apply(Ledger.sum()))
        .isEqualTo(
            new Ledger(
                List.of(new LedgerEntry("web", "sample", "not_sampled", dropped, 5 * dropped, 0))));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void refusesWhatIsNoRate() {
    assertThrows(IllegalArgumentException.class, () -> SampleDocuments.atRate(-0.1));
    assertThrows(IllegalArgumentException.class, () -> SampleDocuments.atRate(2));
  }

  @Test
  void isSerializable() {
    SerializableUtils.ensureSerializable(SampleDocuments.atRate(0.5).withSeed(1));
  }
}
