package org.millrace.io.shard;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.millrace.transforms.data.Traceable;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.Tally;

/**
 * Which formats the shards of a dataset are written in.
 *
 * @param formats all formats
 * @param parts which part a shard is in, and with it which of the formats it has
 */
record ShardWriting<T extends Traceable>(List<ShardIO.Format<T>> formats, ShardParts<T> parts)
    implements Serializable {

  /**
   * Begins a shard in all its formats.
   *
   * @param samples how many will come; where there are none, only formats are begun that write
   *     empty shards
   */
  Writers<T> open(int shard, long samples, ShardScratch scratch) throws IOException {
    Writers<T> writers = new Writers<>();
    ShardPart part = parts.partAt(shard);
    try {
      for (ShardIO.Format<T> format : formats) {
        if (part.has(format.name()) && (samples > 0 || format.sink().writesEmpty())) {
          writers.open.add(format.sink().open(scratch, samples));
        }
      }
      return writers;
    } catch (IOException | RuntimeException e) {
      writers.close();
      throw e;
    }
  }

  /** The open writers of a shard; closed together. */
  static final class Writers<T extends Traceable> implements Closeable {
    private final List<ShardWriter<T>> open = new ArrayList<>();
    private final Tally tally = new Tally();

    private Writers() {}

    void write(T sample) throws IOException {
      for (ShardWriter<T> writer : open) {
        writer.write(sample);
      }
      sample.tallyTo(tally, "write", Ledger.WRITTEN);
    }

    /** Whether nothing was begun. */
    boolean isEmpty() {
      return open.isEmpty();
    }

    /** Completes the shard and copies it to the dataset's folder, under temporary names. */
    List<ShardSummary.Output> finish(DatasetFolder folder) throws IOException {
      List<ShardSummary.Output> outputs = new ArrayList<>();
      for (ShardWriter<T> writer : open) {
        outputs.add(folder.upload(writer));
      }
      return outputs;
    }

    /** What the shard holds of each source. */
    List<LedgerEntry> written() {
      return tally.entries();
    }

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
