package org.millrace.io.document;

import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.Progress;
import org.millrace.transforms.ledger.Tally;

/** Gives the records of a range their ids and positions, and counts them. */
final class RangeRecords implements RecordReceiver {

  private final FileRange range;
  private final String source;
  private final Tally tally;
  private final ReadReceiver out;
  private long documents;
  private long bad;
  private long consumed;

  RangeRecords(FileRange range, String source, Tally tally, ReadReceiver out) {
    this.range = range;
    this.source = source;
    this.tally = tally;
    this.out = out;
  }

  long documents() {
    return documents;
  }

  long bad() {
    return bad;
  }

  private String idOf(long offset) {
    return range.file().relativePath() + ":" + offset;
  }

  private OrderKey positionOf(long offset) {
    return OrderKey.natural(range.file().rank(), range.file().count(), offset);
  }

  @Override
  public void document(RawDocument raw) {
    Document document =
        new Document(
            positionOf(raw.offset()),
            raw.id().isEmpty() ? idOf(raw.offset()) : raw.id(),
            raw.source().isEmpty() ? source : raw.source(),
            raw.text(),
            raw.meta());
    document.tallyTo(tally, DocumentIO.STEP, Ledger.READ);
    Progress.DOCUMENTS.add(1);
    documents++;
    out.document(document);
  }

  @Override
  public void bad(long offset, RecordException reason, String excerpt) {
    tally.add(source, DocumentIO.STEP, Ledger.READ, 1, 0, 0);
    tally.add(source, DocumentIO.STEP, Ledger.BAD, 1, 0, 0);
    Progress.BAD_RECORDS.add(1);
    bad++;
    out.bad(
        new BadRecord(
            positionOf(offset),
            idOf(offset),
            source,
            DocumentIO.STEP,
            reason.kind(),
            reason.getMessage(),
            excerpt));
  }

  /** Counts a range's own bytes only, so that all ranges together count the input once. */
  @Override
  public void consumed(long bytes) {
    long counted = Math.min(bytes, range.end() - range.start() - consumed);
    consumed += counted;
    Progress.INPUT_BYTES.add(counted);
  }

  void finish() {
    consumed(Long.MAX_VALUE);
  }
}
