package org.millrace.transforms.shuffle;

import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.hash.StableHash;

class ShuffleTest {

  private static final Document FIRST = new Document(new OrderKey(1, 2), "a:0", "s", "one", "{}");
  private static final Document SECOND = new Document(new OrderKey(1, 3), "a:9", "s", "two", "{}");

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  @Test
  void globallyKeysByHashOfSeedAndId() {
    StableHash hash = StableHash.of("shuffle", 5);
    PAssert.that(
            pipeline
                .apply(Create.of(List.of(FIRST, SECOND)))
                .apply(Shuffle.<Document>globally().withSeed(5)))
        .containsInAnyOrder(KV.of(hash.keyOf("a:0"), FIRST), KV.of(hash.keyOf("a:9"), SECOND));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void noneKeysByPosition() {
    PAssert.that(pipeline.apply(Create.of(List.of(FIRST, SECOND))).apply(Shuffle.<Document>none()))
        .containsInAnyOrder(KV.of(new OrderKey(1, 2), FIRST), KV.of(new OrderKey(1, 3), SECOND));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void isSerializable() {
    SerializableUtils.ensureSerializable(Shuffle.<Document>globally().withSeed(5));
    SerializableUtils.ensureSerializable(Shuffle.<Document>none());
  }
}
