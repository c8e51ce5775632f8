package org.millrace.io.shard;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * The numbers of shards, as a source: a worker takes the next when it is done with one. A shuffle
 * would deal them out beforehand, and some workers would have to make many where others have none.
 */
final class ShardNumbers extends BoundedSource<Integer> {

  /** Some thousands of pieces, and no more, suit every runner. */
  private static final int MAX_PIECES = 2000;

  /** A shard is much work, whatever its number takes. */
  private static final long BYTES_A_SHARD = 1L << 28;

  private final int from;
  private final int to;

  /**
   * All of a range.
   *
   * @param from the first
   * @param to behind the last, above from
   */
  ShardNumbers(int from, int to) {
    checkArgument(from < to, "expected a shard at least, got %s to %s", from, to);
    this.from = from;
    this.to = to;
  }

  @Override
  public List<ShardNumbers> split(long desiredBundleSizeBytes, PipelineOptions options) {
    int pieces = Math.min(MAX_PIECES, to - from);
    List<ShardNumbers> split = new ArrayList<>(pieces);
    for (int i = 0; i < pieces; i++) {
      split.add(new ShardNumbers(start(i, pieces), start(i + 1, pieces)));
    }
    return split;
  }

  private int start(int piece, int pieces) {
    return from + (int) ((long) (to - from) * piece / pieces);
  }

  @Override
  public long getEstimatedSizeBytes(PipelineOptions options) {
    return (to - from) * BYTES_A_SHARD;
  }

  @Override
  public Coder<Integer> getOutputCoder() {
    return VarIntCoder.of();
  }

  @Override
  public BoundedReader<Integer> createReader(PipelineOptions options) {
    return new Reader(this);
  }

  @Override
  public String toString() {
    return "shards " + from + " to " + (to - 1);
  }

  private static final class Reader extends BoundedReader<Integer> {
    private final ShardNumbers source;
    private int next;

    Reader(ShardNumbers source) {
      this.source = source;
      this.next = source.from;
    }

    @Override
    public boolean start() {
      return advance();
    }

    @Override
    public boolean advance() {
      if (next == source.to) {
        return false;
      }
      next++;
      return true;
    }

    @Override
    public Integer getCurrent() {
      if (next == source.from) {
        throw new NoSuchElementException("nothing was read");
      }
      return next - 1;
    }

    @Override
    public BoundedSource<Integer> getCurrentSource() {
      return source;
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}
