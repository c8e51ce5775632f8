package org.millrace.io.document;

import java.io.IOException;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.millrace.transforms.ledger.Tally;

/** Reads the records of ranges; what is read goes where a subclass says. */
abstract class ReadFn<O> extends DoFn<FileRange, O> {

  private final ReadSettings settings;
  private final @Nullable String source;
  private final Counter documentsRead = Metrics.counter(DocumentIO.class, "documentsRead");
  private final Counter badRecords = Metrics.counter(DocumentIO.class, "badRecords");
  private transient RangeReader reader;
  transient Tally tally;

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

  final void read(FileRange range, ReadReceiver out) throws IOException {
    InputFile file = range.file();
    RangeRecords records =
        new RangeRecords(range, source != null ? source : file.source(), tally, out);
    reader.read(new ResourceSource(file), range.start(), range.end(), records);
    records.finish();
    documentsRead.inc(records.documents());
    badRecords.inc(records.bad());
    out.input(new InputCount(file.relativePath(), file.bytes(), records.documents()));
  }
}
