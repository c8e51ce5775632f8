package org.millrace.transforms.fim;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;

class CountSplitTextsTest {

  private static final FimTokens SENTINELS = new FimTokens(100, 101, 102, 103);

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
  private final List<PackedSequence> sequences = new ArrayList<>();

  private void add(boolean ends, int... lastPiece) {
    int[] ids = new int[lastPiece.length + 1];
    System.arraycopy(lastPiece, 0, ids, 1, lastPiece.length);
    sequences.add(
        new PackedSequence(
            new OrderKey(0, sequences.size()),
            "0/" + sequences.size(),
            TokenIds.of(ids),
            List.of(
                new Piece("a", 1, false, true, 0), new Piece("a", ids.length - 1, true, ends, 3)),
            OptionalInt.of(5)));
  }

  @Test
  void countsDocumentsThatGoOnBehindASentinel() {
    add(false, 100, 8, 102);
    add(false, 100, 8, 102, 9, 101, 7);
    add(true, 100, 8, 102, 9, 101, 2);
    add(false, 8, 9);
    FimCounts.Counter expected = new FimCounts.Counter();
    expected.add(FimCount.TRUNCATED, 2);

    PAssert.thatSingleton(
            pipeline
                .apply(Create.of(sequences))
                .apply(CountSplitTexts.with(SENTINELS))
                .apply(FimCounts.sum()))
        .isEqualTo(expected.counts());
    pipeline.run().waitUntilFinish();
  }
}
