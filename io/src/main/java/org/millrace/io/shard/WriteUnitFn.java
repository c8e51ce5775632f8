package org.millrace.io.shard;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;
import org.millrace.io.document.InputCount;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Traceable;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.Progress;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;

/**
 * Makes a shard of its piece of the input, or finds that it is made; and says what became of the
 * piece.
 */
final class WriteUnitFn<T extends Traceable> extends DoFn<Integer, ShardSummary> {

  static final TupleTag<ShardSummary> SUMMARIES = new TupleTag<>("summaries") {};
  static final TupleTag<InputCount> INPUTS = new TupleTag<>("inputs") {};

  private static final int PROGRESS_STEP = 64;

  private final DatasetFolder folder;
  private final ShardWriting<T> writing;
  private final ShardSource<T> source;
  private final Coder<T> coder;

  WriteUnitFn(
      DatasetFolder folder, ShardWriting<T> writing, ShardSource<T> source, Coder<T> coder) {
    this.folder = folder;
    this.writing = writing;
    this.source = source;
    this.coder = coder;
  }

  @Setup
  public void setup() throws IOException {
    source.open();
  }

  @Teardown
  public void teardown() throws IOException {
    source.close();
  }

  @ProcessElement
  public void process(@Element Integer shard, MultiOutputReceiver out) throws IOException {
    ShardReceipts receipts = new ShardReceipts(folder);
    Optional<ShardReceipt> done = receipts.find(shard);
    ShardReceipt receipt = done.isPresent() ? done.get() : make(shard);
    if (done.isEmpty()) {
      receipts.put(receipt);
    }
    Progress.SHARDS.add(1);
    if (!receipt.summary().outputs().isEmpty()) {
      out.get(SUMMARIES).output(receipt.summary());
    }
    receipt.entries().forEach(out.get(StepOutput.ENTRIES)::output);
    receipt.inputs().forEach(out.get(INPUTS)::output);
    for (ShardFile file : receipt.badRecords()) {
      putOut(file, out.get(StepOutput.BAD_RECORDS));
    }
  }

  private static void putOut(ShardFile file, OutputReceiver<BadRecord> out) throws IOException {
    try (InputStream in =
        new BufferedInputStream(
            Channels.newInputStream(
                FileSystems.open(FileSystems.matchNewResource(file.location(), false))))) {
      for (long left = file.samples(); left > 0; left--) {
        out.output(BadRecord.BadRecordCoder.of().decode(in));
      }
    }
  }

  private ShardReceipt make(int shard) throws IOException {
    try (ShardScratch scratch = ShardScratch.create()) {
      OptionalLong samples = source.samples(shard);
      if (samples.isPresent()) {
        return known(shard, samples.getAsLong(), scratch);
      }
      return counted(shard, scratch);
    }
  }

  /** The number of samples is known: they go to the formats as they come. */
  private ShardReceipt known(int shard, long samples, ShardScratch scratch) throws IOException {
    try (ShardWriting.Writers<T> writers = writing.open(shard, samples, scratch);
        Piece piece = new Piece(scratch, writers::write)) {
      source.read(shard, piece);
      return piece.receipt(writers, shard, folder);
    }
  }

  /**
   * Formats must know how many samples will come: they wait in a local file until all are there.
   */
  private ShardReceipt counted(int shard, ShardScratch scratch) throws IOException {
    Path waiting = scratch.newFile(".samples");
    try (OutputStream spool = new BufferedOutputStream(Files.newOutputStream(waiting), 1 << 18);
        Piece piece = new Piece(scratch, sample -> coder.encode(sample, spool))) {
      source.read(shard, piece);
      spool.flush();
      try (ShardWriting.Writers<T> writers = writing.open(shard, piece.samples, scratch);
          InputStream in = new BufferedInputStream(Files.newInputStream(waiting), 1 << 18)) {
        for (long left = piece.samples; left > 0; left--) {
          writers.write(coder.decode(in));
        }
        return piece.receipt(writers, shard, folder);
      }
    }
  }

  private interface SampleOutput<T> {
    void put(T sample) throws IOException;
  }

  /** What a piece of the input gives. */
  private final class Piece implements ShardSource.Output<T>, AutoCloseable {
    private final SampleOutput<T> out;
    private final Path bad;
    private final Tally tally = new Tally();
    private final List<InputCount> inputs = new ArrayList<>();
    private OutputStream badOut;
    private long samples;
    private long badRecords;

    Piece(ShardScratch scratch, SampleOutput<T> out) {
      this.out = out;
      this.bad = scratch.newFile(".bad");
    }

    @Override
    public void sample(T sample) throws IOException {
      out.put(sample);
      if (++samples % PROGRESS_STEP == 0) {
        Progress.SAMPLES.add(PROGRESS_STEP);
      }
    }

    @Override
    public void badRecord(BadRecord record) throws IOException {
      if (badOut == null) {
        badOut = new BufferedOutputStream(Files.newOutputStream(bad));
      }
      BadRecord.BadRecordCoder.of().encode(record, badOut);
      badRecords++;
    }

    @Override
    public void input(InputCount count) {
      inputs.add(count);
    }

    @Override
    public Tally tally() {
      return tally;
    }

    ShardReceipt receipt(ShardWriting.Writers<T> writers, int shard, DatasetFolder folder)
        throws IOException {
      Progress.SAMPLES.add(samples % PROGRESS_STEP);
      List<ShardFile> badFiles = List.of();
      if (badOut != null) {
        badOut.close();
        badFiles = List.of(folder.upload(LocalFile.whole(bad, ".bad", badRecords)));
      }
      ShardSummary summary =
          writers.isEmpty()
              ? new ShardSummary(shard, 0, List.of(), List.of())
              : new ShardSummary(shard, samples, writers.finish(folder), writers.written());
      List<LedgerEntry> entries = tally.entries();
      if (entries.stream().anyMatch(entry -> entry.reason().equals(Ledger.WRITTEN))) {
        throw new IllegalStateException("what is written is counted by the writer alone");
      }
      return new ShardReceipt(summary, entries, inputs, badFiles);
    }

    @Override
    public void close() throws IOException {
      if (badOut != null) {
        badOut.close();
      }
    }
  }
}
