package org.millrace.io.shard;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.document.InputCount;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;

class ShardIOTest {

  private static final ManifestHeader HEADER =
      new ManifestHeader(
          "{\"a\":0.50,\"b\":0.0000000010}",
          "ab",
          new ManifestHeader.Tokenizer("gpt2", "cd", 50_257));

  @TempDir Path folder;

  private static List<TokenizedDocument> documents(int count) {
    List<TokenizedDocument> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      documents.add(
          new TokenizedDocument(
              new OrderKey(0, i), "doc:" + i, i % 3 == 0 ? "a" : "b", i, TokenIds.of(i, 7)));
    }
    return documents;
  }

  private Path write(
      String name, int seed, int count, UnaryOperator<ShardIO.Write<TokenizedDocument>> configure) {
    return write(name, seed, count, (pipeline, write) -> configure.apply(write));
  }

  private interface Configuration {
    ShardIO.Write<TokenizedDocument> apply(
        Pipeline pipeline, ShardIO.Write<TokenizedDocument> write);
  }

  private Path write(String name, int seed, int count, Configuration configure) {
    StableHash hash = StableHash.of("shuffle", 1);
    List<KV<OrderKey, TokenizedDocument>> keyed = new ArrayList<>();
    documents(count).forEach(d -> keyed.add(KV.of(hash.keyOf(d.id()), d)));
    Collections.shuffle(keyed, new Random(seed));
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Path target = folder.resolve(name);
    ShardIO.Write<TokenizedDocument> write =
        ShardIO.<TokenizedDocument>write().to(target.toString()).withHeader(HEADER);
    pipeline
        .apply(
            Create.of(keyed)
                .withCoder(
                    KvCoder.of(
                        OrderKey.OrderKeyCoder.of(),
                        TokenizedDocument.TokenizedDocumentCoder.of())))
        .apply("Write", configure.apply(pipeline, write));
    pipeline.run().waitUntilFinish();
    return target;
  }

  private static Map<String, String> contents(Path target) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(target)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(target.relativize(file).toString(), Files.readString(file));
      }
    }
    return contents;
  }

  private static Manifest manifest(Path target) throws IOException {
    return Manifest.parse(Files.readAllBytes(target.resolve("manifest.json")), "manifest.json");
  }

  private static String concatenation(Path target) throws IOException {
    StringBuilder all = new StringBuilder();
    contents(target)
        .forEach(
            (name, text) -> {
              if (name.startsWith("text/") && name.endsWith(".txt")) {
                all.append(text);
              }
            });
    return all.toString();
  }

  @Test
  void equalSamplesGiveEqualBytesInTheOrderOfTheirKeys() throws IOException {
    Path one = write("one", 1, 500, w -> w.withNumShards(3).via("text", new TextSink(false)));
    Path two = write("two", 2, 500, w -> w.withNumShards(3).via("text", new TextSink(false)));
    Path other = write("other", 3, 500, w -> w.withNumShards(7).via("text", new TextSink(false)));

    assertThat(contents(two), equalTo(contents(one)));
    assertThat(concatenation(other), equalTo(concatenation(one)));
    StableHash hash = StableHash.of("shuffle", 1);
    List<String> expected =
        documents(500).stream()
            .sorted((a, b) -> hash.keyOf(a.id()).compareTo(hash.keyOf(b.id())))
            .map(d -> d.id() + " " + d.tokens())
            .toList();
    assertThat(concatenation(one).lines().toList(), equalTo(expected));
  }

  @Test
  void writesEveryFormatOfASampleAndItsIndex() throws IOException {
    Path target =
        write(
            "out",
            1,
            50,
            w ->
                w.withNumShards(2)
                    .via("text", new TextSink(true))
                    .via("copy", new TextSink(false)));

    Map<String, String> contents = contents(target);
    assertThat(
        contents.keySet(),
        contains(
            "copy/part-00000.count",
            "copy/part-00000.txt",
            "copy/part-00001.count",
            "copy/part-00001.txt",
            "manifest.json",
            "text/index.txt",
            "text/part-00000.count",
            "text/part-00000.txt",
            "text/part-00001.count",
            "text/part-00001.txt"));
    assertThat(contents.get("copy/part-00001.txt"), equalTo(contents.get("text/part-00001.txt")));
    long first = contents.get("text/part-00000.txt").lines().count();
    assertThat(
        contents.get("text/index.txt"),
        equalTo(first + " part-00000.txt\n" + (50 - first) + " part-00001.txt\n"));
  }

  @Test
  void manifestTellsEveryFileWithItsHash() throws IOException {
    Path target = write("out", 1, 50, w -> w.withNumShards(2).via("text", new TextSink(true)));

    Manifest manifest = manifest(target);
    assertThat(manifest.header().tokenizer(), equalTo(HEADER.tokenizer()));
    assertThat(manifest.header().recipe(), equalTo("{\"a\":0.50,\"b\":0.0000000010}"));
    Manifest.Output output = manifest.outputs().get(0);
    assertThat(output.samples(), equalTo(50L));
    assertThat(output.tokens(), equalTo(100L));
    assertThat(output.counts(), equalTo(Map.of("lines", 50L)));
    assertThat(output.properties(), equalTo(Map.of("charset", "utf-8")));
    assertThat(output.files(), hasSize(5));
    for (Manifest.File file : output.files()) {
      byte[] bytes = Files.readAllBytes(target.resolve(file.path()));
      assertThat(file.bytes(), equalTo((long) bytes.length));
      assertThat(
          file.sha256(), equalTo(HexFormat.of().formatHex(StableHash.sha256().digest(bytes))));
    }
    assertThat(new String(manifest.toJson()), equalTo(contents(target).get("manifest.json")));
    assertThat(
        manifest.ledger().entries(),
        contains(
            new LedgerEntry("a", "write", Ledger.WRITTEN, 17, 408, 34),
            new LedgerEntry("b", "write", Ledger.WRITTEN, 33, 817, 66)));
  }

  @Test
  void aShardWithoutSamplesHasNoFile() throws IOException {
    Path target = write("out", 1, 2, w -> w.withNumShards(1000).via("text", new TextSink(false)));

    assertThat(manifest(target).outputs().get(0).files(), hasSize(4));
    assertThat(contents(target).keySet(), hasSize(5));
  }

  @Test
  void noSamplesGiveAManifestAlone() throws IOException {
    Path target = write("out", 1, 0, w -> w.via("text", new TextSink(false)));

    assertThat(contents(target).keySet(), contains("manifest.json"));
    assertThat(manifest(target).outputs().get(0).samples(), equalTo(0L));
  }

  @Test
  void inputsAreMergedByPath() throws IOException {
    Path target =
        write(
            "out",
            1,
            1,
            (pipeline, w) ->
                w.via("text", new TextSink(false))
                    .withInputs(
                        pipeline
                            .apply(
                                "Inputs",
                                Create.of(
                                    new InputCount("b", 9, 1),
                                    new InputCount("a", 5, 2),
                                    new InputCount("b", 9, 3)))
                            .apply("View", View.asIterable())));
    assertThat(
        manifest(target).inputs(), contains(new InputCount("a", 5, 2), new InputCount("b", 9, 4)));
  }

  private static Configuration accounted(long read, long bad, long failures, double allowed) {
    return (pipeline, write) -> {
      PCollectionView<Ledger> ledger =
          pipeline
              .apply(
                  "Entries",
                  Create.of(
                      new LedgerEntry("b", "read", Ledger.READ, read, 1, 0),
                      new LedgerEntry("a", "read", Ledger.READ, 1, 0, 0),
                      new LedgerEntry("b", "read", Ledger.BAD, bad, 0, 0),
                      new LedgerEntry("b", "tokenize", Ledger.TOKENIZED, 1, 1, 2),
                      new LedgerEntry("a", "tokenize", Ledger.TOKENIZED, 1, 0, 2)))
              .apply("Ledger", Ledger.sum().asSingletonView());
      PCollectionView<Long> count =
          pipeline.apply("Failures", Create.of(failures)).apply("Count", View.asSingleton());
      return write
          .via("text", new TextSink(false))
          .withLedger(ledger)
          .withBadRecords(count)
          .withMaxBadFraction(allowed);
    };
  }

  @Test
  void writesTheManifestWhenAllIsAccountedFor() throws IOException {
    Path target = write("out", 1, 2, accounted(3, 2, 2, 0.5));
    assertThat(manifest(target).ledger().documents(Ledger.BAD), equalTo(2L));
  }

  @Test
  void aLostDocumentFailsTheRun() throws IOException {
    Exception error =
        assertThrows(Exception.class, () -> write("out", 1, 2, accounted(4, 2, 2, 0.5)));

    assertThat(
        error.getMessage(),
        containsString("source b: 4 documents came in, 3 are accounted for (-1)"));
    assertThat(Files.exists(folder.resolve("out/manifest.json")), equalTo(false));
  }

  @Test
  void aLostBadRecordFailsTheRun() {
    Exception error =
        assertThrows(Exception.class, () -> write("out", 1, 2, accounted(3, 2, 1, 0.5)));
    assertThat(error.getMessage(), containsString("2 bad records are in the ledger, 1 in the"));
  }

  @Test
  void tooManyBadRecordsLeaveNoManifest() {
    Exception error =
        assertThrows(Exception.class, () -> write("out", 1, 2, accounted(3, 2, 2, 0.4)));

    assertThat(error.getMessage(), containsString("2 of 4, allowed is a share of 0.4"));
    assertThat(Files.exists(folder.resolve("out/manifest.json")), equalTo(false));
  }

  @Test
  void refusesWhatCannotBe() {
    ShardIO.Write<TokenizedDocument> write = ShardIO.write();
    assertThrows(IllegalArgumentException.class, () -> write.withNumShards(0));
    assertThrows(IllegalArgumentException.class, () -> write.to("a/*/b"));
    assertThrows(IllegalArgumentException.class, () -> write.via("../x", new TextSink(false)));
    assertThrows(IllegalArgumentException.class, () -> write.withMaxBadFraction(-1));
    ShardIO.Write<TokenizedDocument> twice = write.via("text", new TextSink(false));
    assertThrows(IllegalArgumentException.class, () -> twice.via("text", new TextSink(false)));
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> write("out", 1, 1, w -> w));
    assertThat(error.getMessage(), containsString("at least one via"));
  }

  @Test
  void isSerializable() {
    SerializableUtils.ensureSerializable(
        ShardIO.<TokenizedDocument>write()
            .to("out")
            .withHeader(HEADER)
            .via("text", new TextSink(true)));
  }

  @Test
  void finalizingTwiceLeavesTheSame() throws IOException {
    DatasetFolder dataset = new DatasetFolder(folder.resolve("twice").toString(), "job");
    ShardFile orphan = dataset.upload(new byte[] {9});
    ShardFile file = dataset.upload(new byte[] {1, 2});

    dataset.commit(List.of(file), List.of("text/part.txt"));
    dataset.commit(List.of(file), List.of("text/part.txt"));
    dataset.deleteTemp();

    assertThat(
        Files.readAllBytes(folder.resolve("twice/text/part.txt")), equalTo(new byte[] {1, 2}));
    assertThat(Files.exists(Path.of(orphan.location())), equalTo(false));
    try (Stream<Path> left = Files.list(folder.resolve("twice"))) {
      assertThat(left.map(p -> p.getFileName().toString()).toList(), containsInAnyOrder("text"));
    }
  }

  @Test
  void aFileThatIsGoneIsAnErrorNotASilentLoss() throws IOException {
    DatasetFolder dataset = new DatasetFolder(folder.resolve("gone").toString(), "job");
    ShardFile file = dataset.upload(new byte[] {1, 2});
    Files.delete(Path.of(file.location()));

    IOException error =
        assertThrows(
            IOException.class, () -> dataset.commit(List.of(file), List.of("text/part.txt")));

    assertThat(error.getMessage(), containsString("expected 2 bytes"));
    assertThat(error.getMessage(), containsString("got no file"));
  }
}
