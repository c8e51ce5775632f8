package org.millrace.io.failure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.util.VarInt;
import org.millrace.transforms.data.BadRecord;

/** Keeps the first bad records in the order of their ids, and counts all. */
final class FirstRecords extends CombineFn<BadRecord, FirstRecords.Kept, FirstRecords.Kept> {

  /** A total order: equal records are interchangeable. */
  static final Comparator<BadRecord> ORDER =
      Comparator.comparing(BadRecord::id)
          .thenComparing(BadRecord::stage)
          .thenComparing(BadRecord::exception)
          .thenComparing(BadRecord::message)
          .thenComparing(BadRecord::record)
          .thenComparing(BadRecord::source);

  private final int limit;

  FirstRecords(int limit) {
    this.limit = limit;
  }

  /** The records that are kept, the last one of them at the head, and the number of all. */
  static final class Kept implements Serializable {
    private final PriorityQueue<BadRecord> records = new PriorityQueue<>(ORDER.reversed());
    private long count;

    private void add(BadRecord record, int limit) {
      records.add(record);
      if (records.size() > limit) {
        records.remove();
      }
    }

    /** The number of all records. */
    long count() {
      return count;
    }

    /** The records that are kept, in order. */
    List<BadRecord> records() {
      return records.stream().sorted(ORDER).toList();
    }
  }

  @Override
  public Kept createAccumulator() {
    return new Kept();
  }

  @Override
  public Kept addInput(Kept kept, BadRecord record) {
    kept.add(record, limit);
    kept.count++;
    return kept;
  }

  @Override
  public Kept mergeAccumulators(Iterable<Kept> parts) {
    Kept merged = new Kept();
    for (Kept part : parts) {
      part.records.forEach(record -> merged.add(record, limit));
      merged.count += part.count;
    }
    return merged;
  }

  @Override
  public Kept extractOutput(Kept kept) {
    return kept;
  }

  @Override
  public Coder<Kept> getAccumulatorCoder(CoderRegistry registry, Coder<BadRecord> input) {
    return KeptCoder.INSTANCE;
  }

  @Override
  public Coder<Kept> getDefaultOutputCoder(CoderRegistry registry, Coder<BadRecord> input) {
    return KeptCoder.INSTANCE;
  }

  /** Writes the count of all, the number kept, and these in their order. */
  static final class KeptCoder extends AtomicCoder<Kept> {
    static final KeptCoder INSTANCE = new KeptCoder();

    @Override
    public void encode(Kept kept, OutputStream out) throws IOException {
      VarInt.encode(kept.count, out);
      VarInt.encode(kept.records.size(), out);
      for (BadRecord record : kept.records()) {
        BadRecord.BadRecordCoder.of().encode(record, out);
      }
    }

    @Override
    public Kept decode(InputStream in) throws IOException {
      Kept kept = new Kept();
      kept.count = VarInt.decodeLong(in);
      int size = VarInt.decodeInt(in);
      for (int i = 0; i < size; i++) {
        kept.add(BadRecord.BadRecordCoder.of().decode(in), Integer.MAX_VALUE);
      }
      return kept;
    }
  }
}
