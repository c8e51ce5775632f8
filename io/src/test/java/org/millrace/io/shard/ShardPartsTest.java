package org.millrace.io.shard;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.mds.MdsSettings;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.verify.DatasetVerifier;
import org.millrace.io.verify.StoredDataset;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.hash.StableHash;

class ShardPartsTest {

  private static final ManifestHeader HEADER =
      new ManifestHeader(
          "{}",
          "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
          new ManifestHeader.Tokenizer("gpt2", "cd", 50_257));

  private static final List<ShardPart> PARTS =
      List.of(new ShardPart("train/b", 3), new ShardPart("train/a", 2), new ShardPart("test", 1));

  @TempDir Path folder;

  private Path write(
      String name, int seed, UnaryOperator<ShardIO.Write<TokenizedDocument>> configure) {
    return write(name, seed, (pipeline, write) -> configure.apply(write));
  }

  private interface Configuration {
    ShardIO.Write<TokenizedDocument> apply(
        Pipeline pipeline, ShardIO.Write<TokenizedDocument> write);
  }

  private Path write(String name, int seed, Configuration configure) {
    StableHash hash = StableHash.of("shuffle", 1);
    List<KV<OrderKey, TokenizedDocument>> keyed = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String source = i % 3 == 0 ? "train/a" : "train/b";
      TokenizedDocument document =
          new TokenizedDocument(new OrderKey(0, i), "doc:" + i, source, i, TokenIds.of(i, 7));
      keyed.add(KV.of(hash.keyOf(document.id()), document));
    }
    Collections.shuffle(keyed, new Random(seed));
    Pipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Path target = folder.resolve(name);
    pipeline
        .apply(
            Create.of(keyed)
                .withCoder(
                    KvCoder.of(
                        OrderKey.OrderKeyCoder.of(),
                        TokenizedDocument.TokenizedDocumentCoder.of())))
        .apply(
            "Write",
            configure.apply(
                pipeline,
                ShardIO.<TokenizedDocument>write()
                    .to(target.toString())
                    .withHeader(HEADER)
                    .via("npy", NpyIO.documents(50_257))));
    pipeline.run().waitUntilFinish();
    return target;
  }

  private static List<String> files(Path target) throws IOException {
    try (Stream<Path> files = Files.walk(target)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> target.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static Manifest manifest(Path target) throws IOException {
    return Manifest.parse(Files.readAllBytes(target.resolve("manifest.json")), "manifest.json");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void givesEachPartShardsOfItsOwn(int seed) throws IOException {
    Path target = write("parts", seed, write -> write.withParts(PARTS, TokenizedDocument::source));

    assertThat(
        files(target),
        contains(
            "manifest.json",
            "npy/train/a/shard-00000.npy",
            "npy/train/a/shard-00001.npy",
            "npy/train/b/shard-00000.npy",
            "npy/train/b/shard-00001.npy",
            "npy/train/b/shard-00002.npy"));
    List<Manifest.Output> outputs = manifest(target).outputs();
    assertThat(
        outputs.stream().map(Manifest.Output::folder).toList(),
        contains("npy/train/b", "npy/train/a", "npy/test"));
    assertThat(
        outputs.stream().map(Manifest.Output::part).toList(),
        contains("train/b", "train/a", "test"));
    assertThat(outputs.stream().map(Manifest.Output::samples).toList(), contains(40L, 20L, 0L));
  }

  @Test
  void writesAPartAsTheDatasetOfItsSamplesAlone() throws IOException {
    Path parts = write("parts", 1, write -> write.withParts(PARTS, TokenizedDocument::source));
    Path again = write("again", 2, write -> write.withParts(PARTS, TokenizedDocument::source));

    for (String file : files(parts)) {
      assertThat(file, Files.mismatch(parts.resolve(file), again.resolve(file)), equalTo(-1L));
    }
  }

  @Test
  void writesAPartInItsOwnFormats() throws IOException {
    List<ShardPart> parts =
        List.of(
            new ShardPart("train/a", 1, List.of("mds")),
            new ShardPart("train/b", 1, List.of("npy", "mds")));

    Path target =
        write(
            "formats",
            1,
            write ->
                write
                    .via("mds", MdsIO.documents(50_257, MdsSettings.standard()))
                    .withParts(parts, TokenizedDocument::source));

    assertThat(
        files(target),
        contains(
            "manifest.json",
            "mds/train/a/index.json",
            "mds/train/a/shard.00000.mds",
            "mds/train/b/index.json",
            "mds/train/b/shard.00000.mds",
            "npy/train/b/shard-00000.npy"));
  }

  @Test
  void verifiesParts() throws IOException {
    Path target =
        write(
            "verified",
            1,
            write ->
                write
                    .via("mds", MdsIO.documents(50_257, MdsSettings.standard()))
                    .withParts(PARTS, TokenizedDocument::source));

    assertThat(
        DatasetVerifier.verify(StoredDataset.open(target.toString())).stream()
            .filter(finding -> !finding.problem().contains("ledger"))
            .toList(),
        empty());
  }

  @Test
  void keepsReportsInTheManifest() throws IOException {
    Path target =
        write(
            "reports",
            1,
            (pipeline, write) ->
                write.withReport(
                    "rates",
                    pipeline
                        .apply("Report", Create.of("{\"asked\":0.9,\"segments\":12345678901}"))
                        .apply("ReportView", View.asSingleton())));

    assertThat(
        manifest(target).reports().get("rates"),
        equalTo("{\"asked\":0.9,\"segments\":12345678901}"));
  }

  @Test
  void refusesASampleOfNoPart() {
    Exception refusal =
        assertThrows(
            Pipeline.PipelineExecutionException.class,
            () ->
                write(
                    "refused",
                    1,
                    write ->
                        write.withParts(
                            List.of(new ShardPart("train/a", 1)), TokenizedDocument::source)));

    assertThat(
        refusal.getMessage(),
        containsString("a sample is of the part train/b, which is none of the dataset"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a", "a/", "a//b", "..", "a/../b", ".", "a*", "a[b", "a\\b"})
  void refusesNamesThatAreNoFolders(String name) {
    assertThrows(IllegalArgumentException.class, () -> new ShardPart(name, 1));
  }

  @Test
  void refusesTwoPartsOfOneName() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            ShardIO.<TokenizedDocument>write()
                .withParts(
                    List.of(new ShardPart("a", 1), new ShardPart("a", 2)),
                    TokenizedDocument::source));
  }
}
