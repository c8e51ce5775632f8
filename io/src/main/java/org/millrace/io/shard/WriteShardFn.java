package org.millrace.io.shard;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.millrace.transforms.data.Traceable;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.Progress;
import org.millrace.transforms.ledger.Tally;
import org.millrace.transforms.sort.Block;
import org.millrace.transforms.sort.SortedSpool;

/** Writes a shard in all formats. */
final class WriteShardFn<T extends Traceable>
    extends DoFn<KV<Integer, Iterable<Block>>, ShardSummary> {

  private static final int PROGRESS_STEP = 64;

  private final Counter samplesWritten = Metrics.counter(ShardIO.class, "samplesWritten");
  private final DatasetFolder folder;
  private final List<ShardIO.Format<T>> formats;
  private final ShardParts<T> parts;
  private final Coder<T> coder;

  WriteShardFn(
      DatasetFolder folder, List<ShardIO.Format<T>> formats, ShardParts<T> parts, Coder<T> coder) {
    this.folder = folder;
    this.formats = formats;
    this.parts = parts;
    this.coder = coder;
  }

  @ProcessElement
  public void process(@Element KV<Integer, Iterable<Block>> group, OutputReceiver<ShardSummary> out)
      throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        SortedSpool<T> samples =
            SortedSpool.of(group.getValue(), coder, scratch.newFile(".spool"));
        Writers<T> writers = new Writers<>()) {
      ShardPart part = parts.partAt(group.getKey());
      for (ShardIO.Format<T> format : formats) {
        if (part.has(format.name())) {
          writers.open.add(format.sink().open(scratch, samples.size()));
        }
      }
      Tally tally = new Tally();
      writeAll(samples, writers, tally);
      out.output(
          new ShardSummary(group.getKey(), samples.size(), finish(writers), tally.entries()));
      samplesWritten.inc(samples.size());
      Progress.SHARDS.add(1);
    }
  }

  private void writeAll(SortedSpool<T> samples, Writers<T> writers, Tally tally)
      throws IOException {
    long count = 0;
    while (samples.hasNext()) {
      T sample = samples.next();
      for (ShardWriter<T> writer : writers.open) {
        writer.write(sample);
      }
      sample.tallyTo(tally, "write", Ledger.WRITTEN);
      if (++count % PROGRESS_STEP == 0) {
        Progress.SAMPLES.add(PROGRESS_STEP);
      }
    }
    Progress.SAMPLES.add(count % PROGRESS_STEP);
  }

  private List<ShardSummary.Output> finish(Writers<T> writers) throws IOException {
    List<ShardSummary.Output> outputs = new ArrayList<>();
    for (ShardWriter<T> writer : writers.open) {
      outputs.add(folder.upload(writer));
    }
    return outputs;
  }

  /** The open writers of a shard; closed together. */
  private static final class Writers<T> implements Closeable {
    private final List<ShardWriter<T>> open = new ArrayList<>();

    @Override
    public void close() throws IOException {
      IOException failure = null;
      for (ShardWriter<T> writer : open) {
        try {
          writer.close();
        } catch (IOException e) {
          failure = failure == null ? e : failure;
        }
      }
      if (failure != null) {
        throw failure;
      }
    }
  }
}
