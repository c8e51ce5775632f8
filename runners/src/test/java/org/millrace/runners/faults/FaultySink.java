package org.millrace.runners.faults;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.IndexedFile;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardNaming;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.transforms.data.PackedSequence;

/** npy, but something goes wrong as often as the test says. */
record FaultySink(Fault fault) implements ShardSink<PackedSequence> {

  /** What goes wrong. */
  enum Fault {
    NONE,
    /** A shard fails when it is all written, and another format of it is uploaded. */
    FINISH,
    /** The end fails when another format is in its place already. */
    FINALIZE,
    /** A shard is never completed. */
    BLOCK
  }

  /** How often it still goes wrong. */
  static final AtomicInteger LEFT = new AtomicInteger();

  /** How often it has gone wrong. */
  static final AtomicInteger DONE = new AtomicInteger();

  /** What a blocked run prints when it is blocked. */
  static final String BLOCKED = "blocked";

  static final int LENGTH = 32;
  static final int VOCABULARY = 1000;

  private boolean strikes(Fault where) {
    boolean strikes = fault == where && LEFT.getAndDecrement() > 0;
    if (strikes) {
      DONE.incrementAndGet();
    }
    return strikes;
  }

  private ShardSink<PackedSequence> npy() {
    return NpyIO.sequences(LENGTH, VOCABULARY);
  }

  @Override
  public ShardNaming naming() {
    return npy().naming();
  }

  @Override
  public Map<String, byte[]> index(List<IndexedFile> files) {
    if (strikes(Fault.FINALIZE)) {
      throw new IllegalStateException("the end fails");
    }
    return Map.of("index.txt", new byte[] {1});
  }

  @Override
  public ShardWriter<PackedSequence> open(ShardScratch scratch, long samples) throws IOException {
    ShardWriter<PackedSequence> npy = npy().open(scratch, samples);
    return new ShardWriter<>() {
      @Override
      public void write(PackedSequence sample) throws IOException {
        npy.write(sample);
      }

      @Override
      public List<LocalFile> finish() throws IOException {
        if (strikes(Fault.FINISH)) {
          throw new IOException("the shard fails");
        }
        if (strikes(Fault.BLOCK)) {
          System.out.println(BLOCKED);
          awaitForever();
        }
        return npy.finish();
      }

      @Override
      public SortedMap<String, Long> counts() {
        return npy.counts();
      }

      @Override
      public void close() throws IOException {
        npy.close();
      }
    };
  }

  private static void awaitForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
