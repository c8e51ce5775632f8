package org.millrace.transforms.fim;

import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;

/**
 * Counts the permuted documents that packing has split: those of which a sequence holds a sentinel
 * and not the end. Their other part is in another sequence, so that nothing is lost; but no
 * sequence has the whole pattern.
 */
final class CountSplitTexts
    extends PTransform<PCollection<PackedSequence>, PCollection<FimCounts>> {

  private final FimTokens sentinels;

  private CountSplitTexts(FimTokens sentinels) {
    this.sentinels = sentinels;
  }

  /** Tells permuted documents by these sentinels. */
  static CountSplitTexts with(FimTokens sentinels) {
    return new CountSplitTexts(sentinels);
  }

  @Override
  public PCollection<FimCounts> expand(PCollection<PackedSequence> input) {
    return input
        .apply("CountSplit", ParDo.of(new CountFn(sentinels)))
        .setCoder(FimCounts.FimCountsCoder.of());
  }

  /** Whether the last document of a sequence goes on elsewhere, with a sentinel in this one. */
  static boolean isSplit(PackedSequence sequence, FimTokens sentinels) {
    List<Piece> pieces = sequence.pieces();
    Piece last = pieces.get(pieces.size() - 1);
    if (last.ends()) {
      return false;
    }
    int end = sequence.contentLength();
    TokenIds tail = sequence.tokens().slice(end - last.tokens(), end);
    for (int i = 0; i < tail.length(); i++) {
      if (sentinels.isSentinel(tail.get(i))) {
        return true;
      }
    }
    return false;
  }

  static final class CountFn extends DoFn<PackedSequence, FimCounts> {
    private final FimTokens sentinels;
    private transient FimCounts.Counter counter;

    CountFn(FimTokens sentinels) {
      this.sentinels = sentinels;
    }

    @StartBundle
    public void startBundle() {
      counter = new FimCounts.Counter();
    }

    @ProcessElement
    public void process(@Element PackedSequence sequence) {
      counter.add(FimCount.TRUNCATED, isSplit(sequence, sentinels) ? 1 : 0);
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      context.output(counter.counts(), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
    }
  }
}
