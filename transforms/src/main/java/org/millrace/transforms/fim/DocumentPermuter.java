package org.millrace.transforms.fim;

import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.Tally;

/** Permutes a document as a whole, between its begin and its end. */
final class DocumentPermuter implements SamplePermuter<TokenizedDocument> {

  private final FimPermuter permuter;
  private final FimFrame frame;

  DocumentPermuter(FimPermuter permuter, FimFrame frame) {
    this.permuter = permuter;
    this.frame = frame;
  }

  @Override
  public TokenizedDocument permute(
      TokenizedDocument document, OrderKey key, FimCounts.Counter counter, Tally tally) {
    int length = document.tokens().length();
    SegmentWalk walk = new SegmentWalk(permuter, frame, key, length + 3, counter);
    int added = walk.add(document.tokens());
    if (!walk.hasPermuted()) {
      return document;
    }
    FimEntries.grown(document.source(), length, walk.ids().length(), added, counter, tally);
    return new TokenizedDocument(
        document.position(),
        document.id(),
        document.source(),
        document.bytes(),
        walk.ids().tokens());
  }
}
