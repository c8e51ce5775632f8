package org.millrace.transforms.sort;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.OrderKey;

class SortedGroupsTest {

  static final class ReadBack extends DoFn<KV<Integer, Iterable<Block>>, String> {
    @ProcessElement
    public void process(@Element KV<Integer, Iterable<Block>> group, OutputReceiver<String> out)
        throws IOException {
      Path folder = Files.createTempDirectory("sorted-groups");
      StringBuilder all = new StringBuilder().append(group.getKey());
      try (SortedSpool<String> spool =
          SortedSpool.of(group.getValue(), StringUtf8Coder.of(), folder.resolve("s"))) {
        while (spool.hasNext()) {
          all.append(' ').append(spool.next().length());
        }
      }
      Files.delete(folder);
      out.output(all.toString());
    }
  }

  @Test
  void groupsByRangeAndSortsWithin() {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    List<KV<OrderKey, String>> elements = new ArrayList<>();
    // Lengths tell the elements apart; 2,000,000 is larger than a block, 30 x 1,000,000 than the
    // buffers.
    elements.add(KV.of(new OrderKey(5, 0), "x".repeat(2_000_000)));
    elements.add(KV.of(new OrderKey(4, 0), "x"));
    for (int i = 0; i < 30; i++) {
      elements.add(KV.of(new OrderKey(Long.MIN_VALUE + 30 - i, 0), "x".repeat(1_000_000 + i)));
    }
    PCollection<KV<OrderKey, String>> keyed =
        pipeline.apply(
            Create.of(elements)
                .withCoder(KvCoder.of(OrderKey.OrderKeyCoder.of(), StringUtf8Coder.of())));

    PCollection<String> groups = keyed.apply(SortedGroups.into(4)).apply(ParDo.of(new ReadBack()));

    StringBuilder third = new StringBuilder("2");
    for (int i = 29; i >= 0; i--) {
      third.append(' ').append(1_000_000 + i);
    }
    PAssert.that(groups).containsInAnyOrder("0 1 2000000", third.toString());
    pipeline.run().waitUntilFinish();
  }

  @Test
  void refusesNoGroups() {
    assertThrows(IllegalArgumentException.class, () -> SortedGroups.into(0));
  }
}
