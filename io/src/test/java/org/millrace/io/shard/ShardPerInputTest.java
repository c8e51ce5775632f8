package org.millrace.io.shard;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.document.InputCount;
import org.millrace.io.document.InputNames;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;

/** Shards that are those of input files, whose documents are in their natural order. */
class ShardPerInputTest {

  private static final ManifestHeader HEADER =
      new ManifestHeader("{}", "ab", new ManifestHeader.Tokenizer("gpt2", "cd", 50_257));

  private static final List<String> PATHS =
      List.of("arxiv/x.1.jsonl.gz", "arxiv/x.2.jsonl.gz", "book/b.txt");

  @TempDir private Path folder;

  /** Two documents in the first file, none in the second, one in the third. */
  private void write(List<InputCount> read) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    documents(pipeline)
        .apply(
            "Write",
            ShardIO.<TokenizedDocument>write()
                .to(folder.toString())
                .withHeader(HEADER)
                .withShardPerInput(InputNames.of(PATHS))
                .withInputs(
                    pipeline.apply("Inputs", Create.of(read)).apply("View", View.asIterable()))
                .via("text", new TextSink(true)));
    pipeline.run().waitUntilFinish();
  }

  private static PCollection<KV<OrderKey, TokenizedDocument>> documents(TestPipeline pipeline) {
    List<KV<OrderKey, TokenizedDocument>> keyed = new ArrayList<>();
    for (int[] place : new int[][] {{2, 0}, {0, 90}, {0, 0}}) {
      OrderKey key = OrderKey.natural(place[0], PATHS.size(), place[1]);
      String id = PATHS.get(place[0]) + ":" + place[1];
      keyed.add(KV.of(key, new TokenizedDocument(key, id, "web", 1, TokenIds.of(place[1]))));
    }
    return pipeline.apply(
        "Documents",
        Create.of(keyed)
            .withCoder(
                KvCoder.of(
                    OrderKey.OrderKeyCoder.of(), TokenizedDocument.TokenizedDocumentCoder.of())));
  }

  private static List<InputCount> counts(String... paths) {
    return List.of(paths).stream().map(path -> new InputCount(path, 10, 1)).toList();
  }

  @Test
  void namesShardsAfterTheirFiles() throws IOException {
    write(
        List.of(
            new InputCount(PATHS.get(2), 5, 1),
            new InputCount(PATHS.get(1), 0, 0),
            new InputCount(PATHS.get(0), 9, 2)));

    Manifest manifest =
        Manifest.parse(Files.readAllBytes(folder.resolve("manifest.json")), "manifest.json");
    assertThat(
        manifest.outputs().get(0).files().stream().map(Manifest.File::path).toList(),
        contains(
            "text/arxiv/x.1.txt",
            "text/arxiv/x.1.count",
            "text/book/b.txt",
            "text/book/b.count",
            "text/index.txt"));
    assertThat(
        Files.readString(folder.resolve("text/arxiv/x.1.txt")),
        equalTo("arxiv/x.1.jsonl.gz:0 [0]\narxiv/x.1.jsonl.gz:90 [90]\n"));
    assertThat(
        Files.readString(folder.resolve("text/index.txt")),
        equalTo("2 arxiv/x.1.txt\n1 book/b.txt\n"));
    assertThat(manifest.inputs().get(1), equalTo(new InputCount(PATHS.get(1), 0, 0)));
  }

  @Test
  void failsWhenTheInputHasChanged() {
    RuntimeException e =
        assertThrows(
            RuntimeException.class,
            () -> write(counts(PATHS.get(0), "arxiv/x.11.jsonl", PATHS.get(1), "z.txt")));

    assertThat(
        e.getMessage(),
        containsString(
            "the input has changed since the run began: expected 3 files, got 4, without"
                + " book/b.txt, with arxiv/x.11.jsonl; no manifest was written, run it again"));
    assertThat(Files.exists(folder.resolve("manifest.json")), equalTo(false));
    assertThat(Files.exists(folder.resolve("text")), equalTo(false));
  }

  @Test
  void needsToKnowWhatWasRead() {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    ShardIO.Write<TokenizedDocument> write =
        ShardIO.<TokenizedDocument>write()
            .to(folder.toString())
            .withHeader(HEADER)
            .withShardPerInput(InputNames.of(PATHS))
            .via("text", new TextSink(false));

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> documents(pipeline).apply("Write", write));
    assertThat(e.getMessage(), containsString("needs withInputs(...) for a shard per input"));
  }

  @Test
  void aNumberOfShardsAfterwardsTakesItBack() {
    ShardIO.Write<TokenizedDocument> write =
        ShardIO.<TokenizedDocument>write().withShardPerInput(InputNames.of(PATHS)).withNumShards(7);

    assertThat(write.getParts().shards(), equalTo(7));
    assertThat(write.getSealing().hasShardPerInput(), equalTo(false));
  }

  @Test
  void refusesMoreFilesThanThereMayBeShards() {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i <= 100_000; i++) {
      paths.add(i + ".txt");
    }

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ShardIO.<TokenizedDocument>write().withShardPerInput(InputNames.of(paths)));
    assertThat(e.getMessage(), containsString("shards must be in 1..100000, was 100001"));
  }
}
