package org.millrace.io.document;

import java.io.IOException;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.Progress;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;

/** Reads the records of ranges. */
final class ReadFn extends DoFn<FileRange, Document> {

  static final TupleTag<Document> DOCUMENTS = new TupleTag<>("documents") {};
  static final TupleTag<InputCount> INPUT_COUNTS = new TupleTag<>("inputs") {};

  private final ReadSettings settings;
  private final @Nullable String source;
  private final Counter documentsRead = Metrics.counter(DocumentIO.class, "documentsRead");
  private final Counter badRecords = Metrics.counter(DocumentIO.class, "badRecords");
  private transient RangeReader reader;
  private transient Tally tally;

  ReadFn(ReadSettings settings, @Nullable String source) {
    this.settings = settings;
    this.source = source;
  }

  @Setup
  public void setup() {
    reader = new RangeReader(settings);
  }

  @StartBundle
  public void startBundle() {
    tally = new Tally();
  }

  @ProcessElement
  public void process(@Element FileRange range, MultiOutputReceiver out) throws IOException {
    InputFile file = range.file();
    Emitter emitter = new Emitter(range, source != null ? source : file.source(), tally, out);
    reader.read(new ResourceSource(file), range.start(), range.end(), emitter);
    emitter.finish();
    documentsRead.inc(emitter.documents);
    badRecords.inc(emitter.bad);
    out.get(INPUT_COUNTS)
        .output(new InputCount(file.relativePath(), file.bytes(), emitter.documents));
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    tally.flush(StepOutput.ENTRIES, context);
  }

  private static final class Emitter implements RecordReceiver {
    private final FileRange range;
    private final String source;
    private final Tally tally;
    private final MultiOutputReceiver out;
    private long documents;
    private long bad;
    private long consumed;

    Emitter(FileRange range, String source, Tally tally, MultiOutputReceiver out) {
      this.range = range;
      this.source = source;
      this.tally = tally;
      this.out = out;
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
      out.get(DOCUMENTS).output(document);
    }

    @Override
    public void bad(long offset, RecordException reason, String excerpt) {
      tally.add(source, DocumentIO.STEP, Ledger.READ, 1, 0, 0);
      tally.add(source, DocumentIO.STEP, Ledger.BAD, 1, 0, 0);
      Progress.BAD_RECORDS.add(1);
      bad++;
      out.get(StepOutput.BAD_RECORDS)
          .output(
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
}
