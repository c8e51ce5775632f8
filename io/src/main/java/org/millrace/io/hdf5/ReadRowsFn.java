package org.millrace.io.hdf5;

import java.io.IOException;
import java.util.Optional;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;
import org.millrace.io.document.InputCount;
import org.millrace.io.stored.Finding;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.Progress;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;

/** Reads ranges of rows, or finds where they are. */
final class ReadRowsFn extends DoFn<RowRange, Hdf5Row> {

  static final TupleTag<Hdf5Row> ROWS = new TupleTag<>("rows") {};
  static final TupleTag<InputCount> INPUT_COUNTS = new TupleTag<>("inputs") {};

  private static final String STEP = "read";

  private final Counter rowsRead = Metrics.counter(Hdf5IO.class, "rowsRead");
  private final Hdf5Rows rows;
  private final boolean inPlace;
  private final boolean checked;
  private final int gzipLevel;
  private transient StreamCheck check;
  private transient Tally tally;

  ReadRowsFn(Hdf5Rows rows, boolean inPlace, boolean checked, int gzipLevel) {
    this.rows = rows;
    this.inPlace = inPlace;
    this.checked = checked;
    this.gzipLevel = gzipLevel;
  }

  @Setup
  public void setup() {
    check = new StreamCheck(rows.length(), checked);
  }

  @Teardown
  public void teardown() {
    check.close();
  }

  @StartBundle
  public void startBundle() {
    tally = new Tally();
  }

  @ProcessElement
  public void process(@Element RowRange range, MultiOutputReceiver out) throws IOException {
    Hdf5RowFile file = rows.files().get(range.file());
    RowDataset dataset = RowDataset.read(file.stored());
    if (dataset.rows() != file.rows() || dataset.length() != rows.length()) {
      String got = dataset.rows() + " of " + dataset.length();
      String expected = file.rows() + " of " + rows.length() + ", as when the run began";
      throw new IOException(
          Finding.at(file.path(), dataset.header(), "rows", expected, got).toString());
    }
    OutputReceiver<Hdf5Row> receiver = out.get(ROWS);
    try (RowStreams streams = new RowStreams(dataset, gzipLevel, check)) {
      for (long row = range.from(); row < range.to(); row++) {
        receiver.output(row(rows, range.file(), row, streams, inPlace));
      }
    }
    long count = range.to() - range.from();
    tally.add(file.source(), STEP, Ledger.READ, count, 0, 0);
    tally.add(file.source(), STEP, Ledger.TOKENIZED, 0, 0, count * rows.length());
    out.get(INPUT_COUNTS).output(new InputCount(file.path(), file.bytes(), count));
    rowsRead.inc(count);
    Progress.DOCUMENTS.add(count);
    Progress.INPUT_BYTES.add(file.wanted() == 0 ? 0 : file.bytes() * count / file.wanted());
  }

  /** A row of the file with a number. */
  static Hdf5Row row(Hdf5Rows rows, int number, long row, RowStreams streams, boolean inPlace)
      throws IOException {
    Hdf5RowFile file = rows.files().get(number);
    Optional<ChunkTree.Chunk> chunk = streams.find(row);
    boolean here = inPlace && chunk.isPresent();
    Hdf5Row found =
        new Hdf5Row(
            file.path(),
            file.source(),
            number,
            rows.files().size(),
            row,
            file.start() + row - file.from(),
            0,
            rows.length(),
            here ? chunk.get().address() : 0,
            here ? (int) chunk.get().bytes() : 0,
            Hdf5Row.ZlibStream.UNREAD);
    return here
        ? found
        : found.with(chunk.isPresent() ? streams.read(chunk.get()) : streams.read(row));
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    tally.flush(StepOutput.ENTRIES, context);
  }
}
