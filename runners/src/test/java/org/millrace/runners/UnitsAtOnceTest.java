package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.shard.ShardIO;
import org.millrace.io.shard.ShardSource;
import org.millrace.io.verify.StoredDataset;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.Ledger;

/** Shards that are units of work keep all workers busy, be they ever so few. */
@Tag("flink")
class UnitsAtOnceTest {

  private static final ManifestHeader HEADER =
      new ManifestHeader("{}", "0".repeat(64), new ManifestHeader.Tokenizer("t", "cd", 50_257));

  private static final CyclicBarrier TOGETHER = new CyclicBarrier(2);

  /** Set where one waited in vain for another. */
  private static final AtomicBoolean ALONE = new AtomicBoolean();

  @TempDir private Path folder;

  /** A shard of one document, which is read only while another shard is read too. */
  private record Meeting() implements ShardSource<TokenizedDocument> {

    @Override
    public OptionalLong samples(int shard) {
      return OptionalLong.of(1);
    }

    @Override
    public void read(int shard, Output<TokenizedDocument> output) throws IOException {
      try {
        TOGETHER.await(20, TimeUnit.SECONDS);
      } catch (BrokenBarrierException | InterruptedException | TimeoutException e) {
        ALONE.set(true);
      }
      output.tally().add("s", "read", Ledger.READ, 1, 1, 0);
      output.tally().add("s", "read", Ledger.TOKENIZED, 0, 0, 1);
      output.sample(
          new TokenizedDocument(
              new OrderKey(0, shard), "doc:" + shard, "s", 1, TokenIds.of(shard)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--runner=FlinkRunner --flinkMaster=[local] --parallelism=2",
        "--runner=DirectRunner --targetParallelism=2"
      })
  void twoWorkersMakeTwoShardsAtATime(String runner) throws IOException {
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs(runner.split(" ")).create());
    pipeline.apply(
        "Write",
        ShardIO.<TokenizedDocument>write()
            .to(folder.resolve("out").toString())
            .withNumShards(4)
            .withHeader(HEADER)
            .via(NpyIO.FORMAT, NpyIO.documents(50_257))
            .units(new Meeting(), TokenizedDocument.TokenizedDocumentCoder.of()));

    pipeline.run().waitUntilFinish();

    assertThat("a shard was made alone", ALONE.get(), equalTo(false));
    Manifest manifest = StoredDataset.open(folder.resolve("out").toString()).manifest();
    assertThat(manifest.outputs().get(0).samples(), equalTo(4L));
  }
}
