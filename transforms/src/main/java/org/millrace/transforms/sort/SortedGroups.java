package org.millrace.transforms.sort;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.millrace.transforms.data.OrderKey;

/**
 * Groups elements by equal ranges of their {@link OrderKey}, ready to be sorted by it.
 *
 * <p>Input: bounded, keyed elements of any size. Output: for each range that holds any element, its
 * number and its elements in blocks, in no order. A step reads them back, in order, with {@link
 * SortedSpool}.
 *
 * <p>Determinism: which element is in which group depends on the keys and the number of groups
 * alone.
 *
 * <pre>{@code
 * PCollection<KV<Integer, Iterable<Block>>> groups =
 *     keyed.apply("GroupByShard", SortedGroups.into(16));
 * }</pre>
 *
 * @param <T> the type of the elements
 */
public final class SortedGroups<T>
    extends PTransform<PCollection<KV<OrderKey, T>>, PCollection<KV<Integer, Iterable<Block>>>> {

  /**
   * Says which group an element is in. The order of the keys must be kept within each group alone.
   *
   * @param <T> the type of the elements
   */
  public interface GroupOf<T> extends Serializable {
    int group(OrderKey key, T element);
  }

  private final int groups;
  private final GroupOf<T> groupOf;

  private SortedGroups(int groups, GroupOf<T> groupOf) {
    this.groups = groups;
    this.groupOf = groupOf;
  }

  /** Cuts the range of all keys into {@code groups} equal ranges, 1 or more. */
  public static <T> SortedGroups<T> into(int groups) {
    checkArgument(groups > 0, "groups must be 1 or more, was %s", groups);
    return new SortedGroups<>(groups, (key, element) -> key.part(groups));
  }

  /**
   * Groups by more than the key.
   *
   * @param groups their number, 1 or more
   * @param groupOf the number of an element's group, from 0; a function of key and element alone
   */
  public static <T> SortedGroups<T> by(int groups, GroupOf<T> groupOf) {
    checkArgument(groups > 0, "groups must be 1 or more, was %s", groups);
    return new SortedGroups<>(groups, groupOf);
  }

  /** The coder of the elements of a keyed collection. */
  @SuppressWarnings("unchecked")
  public static <T> Coder<T> elementCoder(PCollection<KV<OrderKey, T>> keyed) {
    return ((KvCoder<OrderKey, T>) keyed.getCoder()).getValueCoder();
  }

  @Override
  public PCollection<KV<Integer, Iterable<Block>>> expand(PCollection<KV<OrderKey, T>> input) {
    checkArgument(
        input.isBounded() == IsBounded.BOUNDED, "SortedGroups needs a bounded collection");
    return input
        .apply("FillBlocks", ParDo.of(new FillBlocksFn<>(groupOf, elementCoder(input))))
        .setCoder(KvCoder.of(VarIntCoder.of(), Block.BlockCoder.of()))
        .apply("GroupByRange", GroupByKey.create());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("groups", groups).withLabel("Number of key ranges"));
  }

  private static final class FillBlocksFn<T> extends DoFn<KV<OrderKey, T>, KV<Integer, Block>> {

    /** A block is put out at this size; larger ones gain nothing. */
    private static final int BLOCK_BYTES = 1 << 17;

    /** What all waiting elements may take together. */
    private static final int MEMORY_BYTES = 1 << 24;

    private final GroupOf<T> groupOf;
    private final Coder<T> coder;
    private transient Map<Integer, BlockBuffer> buffers;
    private transient long waiting;

    FillBlocksFn(GroupOf<T> groupOf, Coder<T> coder) {
      this.groupOf = groupOf;
      this.coder = coder;
    }

    @StartBundle
    public void startBundle() {
      buffers = new HashMap<>();
      waiting = 0;
    }

    @ProcessElement
    public void process(@Element KV<OrderKey, T> element, OutputReceiver<KV<Integer, Block>> out)
        throws IOException {
      int group = groupOf.group(element.getKey(), element.getValue());
      BlockBuffer buffer = buffers.computeIfAbsent(group, g -> new BlockBuffer());
      waiting -= buffer.size();
      buffer.add(
          element.getKey(), element.getValue(), coder, block -> out.output(KV.of(group, block)));
      if (buffer.size() >= BLOCK_BYTES) {
        out.output(KV.of(group, buffer.take()));
      }
      waiting += buffer.size();
      if (waiting > MEMORY_BYTES) {
        buffers.forEach(
            (number, other) -> {
              if (other.size() > 0) {
                out.output(KV.of(number, other.take()));
              }
            });
        waiting = 0;
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      buffers.forEach(
          (number, buffer) -> {
            if (buffer.size() > 0) {
              context.output(
                  KV.of(number, buffer.take()),
                  GlobalWindow.INSTANCE.maxTimestamp(),
                  GlobalWindow.INSTANCE);
            }
          });
      buffers = null;
    }
  }
}
