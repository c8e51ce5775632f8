package org.millrace.transforms.fim;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/** How often what happened in fill-in-the-middle: counted of the data, never of metrics. */
@DefaultCoder(FimCounts.FimCountsCoder.class)
public final class FimCounts implements Serializable {

  private final Map<FimCount, Long> values;

  private FimCounts(Map<FimCount, Long> values) {
    this.values = values;
  }

  /** Nothing yet. */
  public static FimCounts none() {
    return new Counter().counts();
  }

  /** Sums partial counts, to zeros where there are none. */
  public static Combine.Globally<FimCounts, FimCounts> sum() {
    return Combine.globally(new SumFn());
  }

  /** How often it happened. */
  public long get(FimCount what) {
    return values.getOrDefault(what, 0L);
  }

  /** Texts that are permuted. */
  public long permuted() {
    return get(FimCount.PSM) + get(FimCount.SPM);
  }

  /** Texts for which it was drawn whether they are to be permuted. */
  public long eligible() {
    return get(FimCount.SEGMENTS) - get(FimCount.TOO_SHORT) - get(FimCount.HOLDING_SENTINELS);
  }

  FimCounts plus(FimCounts more) {
    Counter sum = new Counter();
    values.forEach(sum::add);
    more.values.forEach(sum::add);
    return sum.counts();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FimCounts that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }

  /** Counts within a bundle. Not shared by threads. */
  static final class Counter {
    private final EnumMap<FimCount, Long> values = new EnumMap<>(FimCount.class);

    void add(FimCount what, long more) {
      if (more != 0) {
        values.merge(what, more, Long::sum);
      }
    }

    FimCounts counts() {
      return new FimCounts(new EnumMap<>(values));
    }
  }

  private static final class SumFn extends Combine.BinaryCombineFn<FimCounts> {
    @Override
    public FimCounts identity() {
      return none();
    }

    @Override
    public FimCounts apply(FimCounts left, FimCounts right) {
      return left.plus(right);
    }
  }

  /** Writes the counts in the order of {@link FimCount}. */
  public static final class FimCountsCoder extends AtomicCoder<FimCounts> {
    private static final FimCountsCoder INSTANCE = new FimCountsCoder();

    private FimCountsCoder() {}

    public static FimCountsCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(FimCounts.class), INSTANCE);
    }

    @Override
    public void encode(FimCounts counts, OutputStream out) throws IOException {
      for (FimCount what : FimCount.values()) {
        VarInt.encode(counts.get(what), out);
      }
    }

    @Override
    public FimCounts decode(InputStream in) throws IOException {
      Counter counts = new Counter();
      for (FimCount what : FimCount.values()) {
        counts.add(what, VarInt.decodeLong(in));
      }
      return counts.counts();
    }
  }
}
