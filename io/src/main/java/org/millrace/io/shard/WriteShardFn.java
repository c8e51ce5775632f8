package org.millrace.io.shard;

import java.io.IOException;
import java.util.Optional;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.millrace.transforms.data.Traceable;
import org.millrace.transforms.ledger.Progress;
import org.millrace.transforms.sort.Block;
import org.millrace.transforms.sort.SortedSpool;

/** Writes a shard in all formats, unless an attempt before has done so. */
final class WriteShardFn<T extends Traceable>
    extends DoFn<KV<Integer, Iterable<Block>>, ShardSummary> {

  private static final int PROGRESS_STEP = 64;

  private final Counter samplesWritten = Metrics.counter(ShardIO.class, "samplesWritten");
  private final DatasetFolder folder;
  private final ShardWriting<T> writing;
  private final Coder<T> coder;

  WriteShardFn(DatasetFolder folder, ShardWriting<T> writing, Coder<T> coder) {
    this.folder = folder;
    this.writing = writing;
    this.coder = coder;
  }

  @ProcessElement
  public void process(@Element KV<Integer, Iterable<Block>> group, OutputReceiver<ShardSummary> out)
      throws IOException {
    ShardReceipts receipts = new ShardReceipts(folder);
    Optional<ShardReceipt> done = receipts.find(group.getKey());
    if (done.isPresent()) {
      Progress.SAMPLES.add(done.get().summary().samples());
      out.output(done.get().summary());
    } else {
      ShardSummary summary = write(group);
      receipts.put(ShardReceipt.of(summary));
      out.output(summary);
    }
    Progress.SHARDS.add(1);
  }

  private ShardSummary write(KV<Integer, Iterable<Block>> group) throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        SortedSpool<T> samples =
            SortedSpool.of(group.getValue(), coder, scratch.newFile(".spool"));
        ShardWriting.Writers<T> writers = writing.open(group.getKey(), samples.size(), scratch)) {
      long count = 0;
      while (samples.hasNext()) {
        writers.write(samples.next());
        if (++count % PROGRESS_STEP == 0) {
          Progress.SAMPLES.add(PROGRESS_STEP);
        }
      }
      Progress.SAMPLES.add(count % PROGRESS_STEP);
      samplesWritten.inc(samples.size());
      return new ShardSummary(
          group.getKey(), samples.size(), writers.finish(folder), writers.written());
    }
  }
}
