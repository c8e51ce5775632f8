package org.millrace.io.shard;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.document.InputCount;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.verify.DatasetVerifier;
import org.millrace.io.verify.StoredDataset;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.Ledger;

/** A run that is begun again makes what is missing, and nothing else; and ends with equal bytes. */
class ResumeTest {

  private static final int SHARDS = 4;

  private static final ManifestHeader HEADER =
      new ManifestHeader(
          "{}",
          "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
          new ManifestHeader.Tokenizer("gpt2", "cd", 50_257));

  /** Shards that still fail when they are complete. */
  private static final Set<Integer> FAILING = new ConcurrentSkipListSet<>();

  /** Shards that were begun. */
  private static final List<Integer> BEGUN = Collections.synchronizedList(new ArrayList<>());

  @TempDir Path folder;

  @BeforeEach
  void nothingHasHappened() {
    FAILING.clear();
    BEGUN.clear();
  }

  private static PipelineOptions options(String run) {
    PipelineOptions options =
        PipelineOptionsFactory.fromArgs("--runner=DirectRunner", "--targetParallelism=1").create();
    options.as(RunOptions.class).setRunKey(run);
    return options;
  }

  private static TokenizedDocument document(int number) {
    return new TokenizedDocument(
        new OrderKey(0, number), "doc:" + number, "s", number, TokenIds.of(number, 7));
  }

  private ShardIO.Write<TokenizedDocument> write(Path target) {
    return ShardIO.<TokenizedDocument>write()
        .to(target.toString())
        .withNumShards(SHARDS)
        .withHeader(HEADER)
        .via("npy", new FailingSink(NpyIO.documents(50_257)));
  }

  private Path grouped(String name, String run) {
    Path target = folder.resolve(name);
    StableHash hash = StableHash.of("shuffle", 1);
    List<KV<OrderKey, TokenizedDocument>> keyed = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      keyed.add(KV.of(hash.keyOf("doc:" + i), document(i)));
    }
    Pipeline pipeline = Pipeline.create(options(run));
    pipeline
        .apply(
            Create.of(keyed)
                .withCoder(
                    KvCoder.of(
                        OrderKey.OrderKeyCoder.of(),
                        TokenizedDocument.TokenizedDocumentCoder.of())))
        .apply("Write", write(target));
    pipeline.run().waitUntilFinish();
    return target;
  }

  private Path units(String name, String run, boolean counted) {
    Path target = folder.resolve(name);
    Pipeline pipeline = Pipeline.create(options(run));
    pipeline.apply(
        "Write",
        write(target).units(new Numbers(counted), TokenizedDocument.TokenizedDocumentCoder.of()));
    pipeline.run().waitUntilFinish();
    return target;
  }

  /** Shard n holds the documents 10n to 10n+9, of which the last is bad; shard 2 holds none. */
  private record Numbers(boolean counted) implements ShardSource<TokenizedDocument> {

    @Override
    public OptionalLong samples(int shard) {
      return counted ? OptionalLong.empty() : OptionalLong.of(shard == 2 ? 0 : 9);
    }

    @Override
    public void read(int shard, Output<TokenizedDocument> output) throws IOException {
      BEGUN.add(shard);
      if (shard != 2) {
        for (int i = 10 * shard; i < 10 * shard + 9; i++) {
          TokenizedDocument document = document(i);
          output.sample(document);
          output.tally().add("s", "read", Ledger.READ, 1, document.bytes(), 0);
          output.tally().add("s", "tokenize", Ledger.TOKENIZED, 1, document.bytes(), 2);
        }
        output.tally().add("s", "read", Ledger.READ, 1, 0, 0);
        output.tally().add("s", "read", Ledger.BAD, 1, 0, 0);
        output.badRecord(
            new BadRecord(new OrderKey(shard, 9), "doc:" + shard, "s", "read", "Bad", "bad", "x"));
      }
      output.input(new InputCount("file-" + shard, 10, shard == 2 ? 0 : 9));
      if (FAILING.remove(shard)) {
        throw new IOException("shard " + shard + " fails");
      }
    }
  }

  /** Fails when a shard that holds a certain document is complete. */
  private record FailingSink(ShardSink<TokenizedDocument> sink)
      implements ShardSink<TokenizedDocument> {

    @Override
    public ShardWriter<TokenizedDocument> open(ShardScratch scratch, long samples)
        throws IOException {
      ShardWriter<TokenizedDocument> writer = sink.open(scratch, samples);
      return new ShardWriter<>() {
        private boolean fails;

        @Override
        public void write(TokenizedDocument document) throws IOException {
          int number = (int) document.position().low();
          if (number == 0 || number == 50) {
            BEGUN.add(1000 + number);
          }
          fails |= FAILING.remove(1000 + number);
          writer.write(document);
        }

        @Override
        public List<LocalFile> finish() throws IOException {
          if (fails) {
            throw new IOException("the shard fails");
          }
          return writer.finish();
        }

        @Override
        public SortedMap<String, Long> counts() {
          return writer.counts();
        }

        @Override
        public void close() throws IOException {
          writer.close();
        }
      };
    }

    @Override
    public ShardNaming naming() {
      return sink.naming();
    }

    @Override
    public SortedMap<String, String> properties() {
      return sink.properties();
    }

    @Override
    public Map<String, byte[]> index(List<IndexedFile> files) {
      if (FAILING.remove(-1)) {
        throw new IllegalStateException("the end fails");
      }
      return Map.of("index.txt", new byte[] {1});
    }
  }

  private static Map<String, String> contents(Path target) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(target)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String hex = HexFormat.of().formatHex(Files.readAllBytes(file));
        contents.put(target.relativize(file).toString(), hex);
      }
    }
    return contents;
  }

  private static List<Path> receipts(Path target) throws IOException {
    try (Stream<Path> files = Files.walk(target)) {
      return files.filter(file -> file.getFileName().toString().startsWith("done-")).toList();
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aGroupedRunKeepsTheShardsThatAreComplete() throws IOException {
    Map<String, String> clean = contents(grouped("clean", "r1"));
    FAILING.add(-1);
    assertThrows(RuntimeException.class, () -> grouped("again", "r1"));
    assertThat(contents(folder.resolve("again")).keySet(), not(hasItem("manifest.json")));
    BEGUN.clear();

    Path again = grouped("again", "r1");

    assertThat(BEGUN, empty());
    assertThat(contents(again), equalTo(clean));
  }

  @Test
  void aShardThatFailedIsMadeAgain() throws IOException {
    Map<String, String> clean = contents(grouped("clean", "r1"));
    FAILING.add(1050);
    assertThrows(RuntimeException.class, () -> grouped("again", "r1"));
    BEGUN.clear();

    Path again = grouped("again", "r1");

    assertThat(BEGUN, hasItem(1050));
    assertThat(contents(again), equalTo(clean));
  }

  @Test
  void anotherRunKeepsNothing() throws IOException {
    FAILING.add(-1);
    assertThrows(RuntimeException.class, () -> grouped("again", "r1"));
    BEGUN.clear();

    grouped("again", "r2");

    assertThat(BEGUN, containsInAnyOrder(1000, 1050));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void unitsThatAreCompleteAreNotReadAgain(boolean counted) throws IOException {
    Path first = units("clean", "r1", counted);
    Map<String, String> clean = contents(first);
    assertThat(DatasetVerifier.verify(StoredDataset.open(first.toString())), empty());
    assertThat(
        clean.keySet(),
        contains(
            "failures/bad-records.jsonl",
            "manifest.json",
            "npy/index.txt",
            "npy/shard-00000.npy",
            "npy/shard-00001.npy",
            "npy/shard-00003.npy"));
    FAILING.add(1);
    assertThrows(RuntimeException.class, () -> units("again", "r1", counted));
    int complete = receipts(folder.resolve("again")).size();
    assertThat(complete, lessThan(SHARDS));
    BEGUN.clear();

    Path again = units("again", "r1", counted);

    assertThat(BEGUN.size(), equalTo(SHARDS - complete));
    assertThat(contents(again), equalTo(clean));
  }

  @Test
  void filesThatWereMovedAreFoundInTheirPlaces() throws IOException {
    units("clean", "r1", false);
    Path target = folder.resolve("again");
    FAILING.add(-1);
    assertThrows(RuntimeException.class, () -> units("again", "r1", false));
    DatasetFolder dataset = new DatasetFolder(target.toString(), "r1");
    ShardReceipts receipts = new ShardReceipts(dataset);
    ShardFile file = receipts.find(3).orElseThrow().files().get(1);
    Path place = Files.createDirectories(target.resolve("npy")).resolve("shard-00003.npy");
    receipts.moving("npy", List.of(file.location()), List.of(place.toString()));

    Files.move(Path.of(file.location()), place);
    BEGUN.clear();
    Path again = units("again", "r1", false);

    assertThat(BEGUN, empty());
    assertThat(contents(again), equalTo(contents(folder.resolve("clean"))));
  }

  @Test
  void aUnitWhoseFileIsGoneIsMadeAgain() throws IOException {
    Map<String, String> clean = contents(units("clean", "r1", false));
    FAILING.add(-1);
    assertThrows(RuntimeException.class, () -> units("again", "r1", false));
    DatasetFolder dataset = new DatasetFolder(folder.resolve("again").toString(), "r1");
    new ShardReceipts(dataset)
        .find(1)
        .orElseThrow()
        .files()
        .forEach(file -> delete(Path.of(file.location())));
    BEGUN.clear();

    Path again = units("again", "r1", false);

    assertThat(BEGUN, contains(1));
    assertThat(contents(again), equalTo(clean));
  }

  @Test
  void aDamagedReceiptDoesNotCount() throws IOException {
    Map<String, String> clean = contents(units("clean", "r1", false));
    FAILING.add(-1);
    assertThrows(RuntimeException.class, () -> units("again", "r1", false));
    Path receipt = receipts(folder.resolve("again")).get(0);
    byte[] bytes = Files.readAllBytes(receipt);
    bytes[bytes.length / 2] ^= 1;
    Files.write(receipt, bytes);
    BEGUN.clear();

    Path again = units("again", "r1", false);

    assertThat(BEGUN.size(), equalTo(1));
    assertThat(contents(again), equalTo(clean));
  }

  @Test
  void everyCutReceiptIsRefused() throws IOException {
    ShardReceipt receipt =
        new ShardReceipt(
            new ShardSummary(3, 0, List.of(), List.of()),
            List.of(),
            List.of(new InputCount("a", 1, 2)),
            List.of());
    byte[] bytes = receipt.encode();

    assertThat(ShardReceipt.decode(bytes), equalTo(receipt));
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      assertThrows(IOException.class, () -> ShardReceipt.decode(cut));
    }
  }
}
