package org.millrace.pipelines.datasets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;
import org.millrace.io.mds.MdsColumn;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.RunOptions;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.verify.DatasetVerifier;
import org.millrace.io.verify.StoredDataset;
import org.millrace.pipelines.Datasets;
import org.millrace.pipelines.Job;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TopKLogits;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.logits.Annotator;
import org.millrace.transforms.logits.OnnxModel;
import org.millrace.transforms.logits.TargetSettings;
import org.millrace.transforms.logits.Teacher;
import org.millrace.transforms.logits.TeacherInput;

class CepeLogitsTest {

  private static final int K = 3;

  private record Sample(String domain, long index, TokenIds previous, TokenIds tokens) {}

  private static final List<MdsColumn<Sample>> PICKLED =
      List.of(
          new MdsColumn<>(new Column("domain", "str"), Sample::domain),
          new MdsColumn<>(new Column("prev_token_ids", "pkl"), Sample::previous),
          new MdsColumn<>(new Column("token_ids", "pkl"), Sample::tokens));

  private static final List<MdsColumn<Sample>> KEYED =
      List.of(
          new MdsColumn<>(new Column("domain", "str"), Sample::domain),
          new MdsColumn<>(new Column("index", "int"), Sample::index),
          new MdsColumn<>(Column.array("prev_token_ids", DType.UINT16), Sample::previous),
          new MdsColumn<>(Column.array("token_ids", DType.UINT16), Sample::tokens));

  @TempDir Path folder;

  private static String teacher(String name) {
    return Path.of(System.getProperty("millrace.home"), "testdata/teachers", name).toString();
  }

  private static TokenIds ids(int seed, int count) {
    return TokenIds.wrap(IntStream.range(0, count).map(i -> (seed + 7 * i) % 100).toArray());
  }

  private static List<Sample> samples(String domain, int count) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(new Sample(domain, 100 + i, ids(i, 12), ids(3 * i, 10)));
    }
    return samples;
  }

  private void run(String input, String output, String... overrides) throws IOException {
    run(new Job(input, folder.resolve(output).toString(), "", teacher("small.onnx")), overrides);
  }

  private static void run(Job job, String... overrides) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "logits.topk=" + K,
                "logits.encoder_tokens=5",
                "logits.decoder_tokens=8",
                "output.num_shards=2"));
    all.addAll(List.of(overrides));
    PipelineOptions options =
        PipelineOptionsFactory.fromArgs("--runner=DirectRunner", "--targetParallelism=2").create();
    options.as(RunOptions.class).setRunKey("test");
    Pipeline pipeline = Pipeline.create(options);
    Datasets.plan(Datasets.recipe("cepe-logits", all), job).addTo(pipeline);
    pipeline.run().waitUntilFinish();
  }

  private static TopKLogits expected(TokenIds before, TokenIds tokens) throws Exception {
    int[] all = new int[before.length() + tokens.length()];
    before.copyTo(all, 0);
    tokens.copyTo(all, before.length());
    try (Teacher teacher = OnnxModel.at(teacher("small.onnx")).open()) {
      return new Annotator(teacher, new TargetSettings(K, false, 1))
          .annotate(List.of(new TeacherInput("", TokenIds.wrap(all), tokens.length())))
          .get(0);
    }
  }

  /** Ids must be equal; values may differ in the last bit, as batches have other shapes. */
  private static void assertTargets(StoredSample found, TopKLogits expected) throws IOException {
    NdArray index = (NdArray) found.value(found.index("target_index").orElseThrow());
    NdArray values = (NdArray) found.value(found.index("target_prob").orElseThrow());
    assertThat(index.shape(), equalTo(List.of(expected.positions(), K)));
    assertThat(values.shape(), equalTo(List.of(expected.positions(), K + 1)));
    assertThat(values.dtype(), equalTo(DType.FLOAT16));
    for (int i = 0; i < index.elements(); i++) {
      assertThat(
          (int) index.dtype().get(index.data(), i * index.dtype().bytes()),
          equalTo(expected.ids().get(i)));
    }
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.elements()).order(ByteOrder.LITTLE_ENDIAN);
    expected.putValues(bytes);
    for (int i = 0; i < values.elements(); i++) {
      int difference = values.data().getShort(2 * i) - bytes.getShort(2 * i);
      assertThat("value " + i, Math.abs(difference) <= 1, equalTo(true));
    }
  }

  private static Object value(StoredSample sample, String column) throws IOException {
    return sample.value(sample.index(column).orElseThrow());
  }

  private Map<String, String> digests(String output) throws IOException {
    Path root = folder.resolve(output);
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] sum = StableHash.sha256().digest(Files.readAllBytes(file));
        digests.put(root.relativize(file).toString(), HexFormat.of().formatHex(sum));
      }
    }
    return digests;
  }

  @Test
  void annotatesTheFirstTokensBehindTheLastBeforeThem() throws Exception {
    List<Sample> arxiv = samples("arxiv", 7);
    List<Sample> book = samples("book", 2);
    MdsFolder.write(folder.resolve("in/test/arxiv"), PICKLED, arxiv);
    MdsFolder.write(folder.resolve("in/test/book"), PICKLED, book);

    run(folder.resolve("in").toString(), "out");

    List<StoredSample> found = MdsFolder.read(folder.resolve("out/mds/test/arxiv"));
    assertThat(found, hasSize(7));
    for (int i = 0; i < 7; i++) {
      assertThat(value(found.get(i), "domain"), equalTo("arxiv"));
      // The original has no key but the place.
      assertThat(value(found.get(i), "index"), equalTo((long) i));
      assertTargets(
          found.get(i),
          expected(arxiv.get(i).previous().slice(7, 12), arxiv.get(i).tokens().slice(0, 8)));
    }
    assertThat(MdsFolder.read(folder.resolve("out/mds/test/book")), hasSize(2));
    StoredDataset dataset = StoredDataset.open(folder.resolve("out").toString());
    assertThat(DatasetVerifier.verify(dataset), empty());
    assertThat(
        dataset.manifest().reports().get("teacher"), containsString("\"vocabulary_size\":100"));
    assertThat(dataset.manifest().inputs(), hasSize(4));
  }

  @Test
  void keepsTheKeyAndOnRequestTheTokens() throws Exception {
    List<Sample> samples = samples("wiki", 5);
    MdsFolder.write(folder.resolve("in"), KEYED, samples);

    run(
        folder.resolve("in").toString(),
        "out",
        "output.columns=[token_ids, prev_token_ids]",
        "output.arrays=pkl",
        "output.index_dtype=uint16");

    List<StoredSample> found = MdsFolder.read(folder.resolve("out/mds/in"));
    for (int i = 0; i < 5; i++) {
      assertThat(value(found.get(i), "domain"), equalTo("wiki"));
      assertThat(value(found.get(i), "index"), equalTo(100L + i));
      assertThat(found.get(i).ids("token_ids", ""), equalTo(samples.get(i).tokens().slice(0, 8)));
      assertThat(
          found.get(i).ids("prev_token_ids", ""), equalTo(samples.get(i).previous().slice(7, 12)));
      assertTargets(
          found.get(i),
          expected(samples.get(i).previous().slice(7, 12), samples.get(i).tokens().slice(0, 8)));
    }
    StoredDataset dataset = StoredDataset.open(folder.resolve("out").toString());
    assertThat(DatasetVerifier.verify(dataset), empty());
    assertThat(dataset.manifest().outputs().get(0).tokens(), equalTo(5L * 8));
  }

  /** In the original no encoder tokens means all of them. */
  @Test
  void noEncoderTokensAreNone() throws Exception {
    List<Sample> samples = samples("wiki", 2);
    MdsFolder.write(folder.resolve("in"), KEYED, samples);

    run(
        folder.resolve("in").toString(),
        "out",
        "logits.encoder_tokens=0",
        "logits.decoder_tokens=null");

    List<StoredSample> found = MdsFolder.read(folder.resolve("out/mds/in"));
    assertTargets(found.get(1), expected(TokenIds.of(), samples.get(1).tokens()));
  }

  @Test
  void annotatesPlainSequences() throws Exception {
    List<TokenIds> sequences = List.of(ids(1, 6), ids(2, 20), ids(3, 8));
    MdsFolder.write(
        folder.resolve("in"),
        List.of(new MdsColumn<TokenIds>(Column.array("tokens", DType.UINT16), each -> each)),
        sequences);

    run(folder.resolve("in").toString(), "out");

    List<StoredSample> found = MdsFolder.read(folder.resolve("out/mds/in"));
    assertTargets(found.get(0), expected(TokenIds.of(), sequences.get(0)));
    assertTargets(found.get(1), expected(TokenIds.of(), sequences.get(1).slice(0, 8)));
    assertThat(value(found.get(2), "domain"), equalTo("in"));
  }

  private record Passages(String domain, long index, NdArray passages) {}

  private void writePassages(String name, List<Passages> passages) throws IOException {
    MdsFolder.write(
        folder.resolve(name),
        List.of(
            new MdsColumn<>(new Column("domain", "str"), Passages::domain),
            new MdsColumn<>(new Column("index", "int"), Passages::index),
            new MdsColumn<>(new Column("retrieved_token_ids", "pkl"), Passages::passages)),
        passages);
  }

  private static NdArray passages(int seed) {
    ByteBuffer data = ByteBuffer.allocate(3 * 4 * 8).order(ByteOrder.LITTLE_ENDIAN);
    DType.INT64.put(ids(seed, 12), data);
    return new NdArray(DType.INT64, List.of(3, 4), data.flip());
  }

  @Test
  void readsPassagesInPlaceOfWhatCameBefore() throws Exception {
    List<Sample> samples = samples("wiki", 4);
    MdsFolder.write(folder.resolve("in/wiki"), KEYED, samples);
    List<Passages> passages = new ArrayList<>();
    samples.forEach(s -> passages.add(new Passages("wiki", s.index(), passages((int) s.index()))));
    writePassages("found/wiki", passages);

    run(
        folder.resolve("in").toString(),
        "out",
        "logits.retrieval_input=" + folder.resolve("found"),
        "logits.retrieval_k=2");

    List<StoredSample> found = MdsFolder.read(folder.resolve("out/mds/wiki"));
    for (int i = 0; i < 4; i++) {
      TokenIds two = ids((int) samples.get(i).index(), 8);
      assertTargets(found.get(i), expected(two, samples.get(i).tokens().slice(0, 8)));
    }
  }

  @Test
  void passagesOfOtherSamplesAreRefused() throws Exception {
    MdsFolder.write(folder.resolve("in/wiki"), KEYED, samples("wiki", 2));
    writePassages(
        "found/wiki",
        List.of(new Passages("wiki", 100, passages(1)), new Passages("wiki", 102, passages(2))));
    String[] retrieval = {"logits.retrieval_input=" + folder.resolve("found")};

    Exception wrongKey =
        assertThrows(Exception.class, () -> run(folder.resolve("in").toString(), "out", retrieval));
    writePassages("fewer/wiki", List.of(new Passages("wiki", 100, passages(1))));
    Exception tooFew =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                run(
                    folder.resolve("in").toString(),
                    "out2",
                    "logits.retrieval_input=" + folder.resolve("fewer")));

    assertThat(
        wrongKey.getMessage(),
        containsString("wiki, sample 1: the passages are those of another sample"));
    assertThat(
        tooFew.getMessage(),
        equalTo("logits.retrieval_input: wiki: expected passages for 2 samples, got 1"));
  }

  /** The second domain has a token that the teacher answers with no number. */
  @Test
  void goesOnWhereItStoppedWithTheSameBytes() throws Exception {
    MdsFolder.write(folder.resolve("in/a"), KEYED, samples("a", 9));
    List<Sample> bad = samples("b", 4);
    bad.set(3, new Sample("b", 103, ids(1, 5), TokenIds.of(7, 7999, 7)));
    MdsFolder.write(folder.resolve("in/b"), KEYED, bad);
    Job job =
        new Job(
            folder.resolve("in").toString(),
            folder.resolve("out").toString(),
            "",
            teacher("late.onnx"));
    Exception error = assertThrows(Exception.class, () -> run(job));
    assertThat(
        error.getMessage(),
        containsString("b, sample 103: behind token 6: the logit of token 0: expected a finite"));
    assertThat(Files.exists(folder.resolve("out/manifest.json")), equalTo(false));

    // The sample is mended; the run key of a test does not see that the input is another one.
    Files.delete(folder.resolve("in/b/shard.00001.mds"));
    bad.set(3, new Sample("b", 103, ids(1, 5), TokenIds.of(7, 99, 7)));
    try (Stream<Path> old = Files.list(folder.resolve("in/b"))) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    MdsFolder.write(folder.resolve("in/b"), KEYED, bad);
    run(job);
    run(new Job(job.input(), folder.resolve("clean").toString(), "", job.model()));

    assertThat(digests("out"), equalTo(digests("clean")));
  }

  @Test
  void refusesBeforeTheRunWhatCannotBeDone() throws Exception {
    MdsFolder.write(folder.resolve("in"), KEYED, samples("wiki", 2));
    String input = folder.resolve("in").toString();
    Path output = folder.resolve("out");

    Map<String, String[]> cases = new TreeMap<>();
    cases.put(
        "output.columns has prev_token_ids without token_ids",
        new String[] {"small.onnx", "output.columns=[prev_token_ids]"});
    cases.put("logits.topk must be in 1..100", new String[] {"small.onnx", "logits.topk=101"});
    cases.put(
        "seer.onnx: the logits of a position change with the tokens behind it",
        new String[] {"seer.onnx", "logits.topk=3"});
    cases.put(
        "infinite.onnx: a sequence of 13 tokens, the longest there will be: its logits behind 13",
        new String[] {"infinite.onnx", "logits.topk=3"});
    cases.put(
        "cannot be a teacher: it has no output logits",
        new String[] {"scores.onnx", "logits.topk=3"});
    cases.forEach(
        (message, given) -> {
          Job job = new Job(input, output.toString(), "", teacher(given[0]));
          Exception error = assertThrows(IllegalArgumentException.class, () -> run(job, given[1]));
          assertThat(error.getMessage(), containsString(message));
        });
    MdsFolder.write(
        folder.resolve("large"),
        KEYED,
        List.of(new Sample("wiki", 0, ids(1, 3), TokenIds.of(5, 100))));
    Job large =
        new Job(folder.resolve("large").toString(), output.toString(), "", teacher("small.onnx"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> run(large)).getMessage(),
        containsString("the teacher knows 100 tokens, but the samples have a token 100"));
    Job bytes = new Job(input, output.toString(), tokenizer(), teacher("small.onnx"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> run(bytes)).getMessage(),
        containsString("gives logits for 100 tokens, but the tokenizer has 8000"));
    assertThat(Files.exists(output), equalTo(false));
  }

  private static String tokenizer() {
    return Path.of(
            System.getProperty("millrace.home"), "testdata/tokenizers/bytes-8k/tokenizer.json")
        .toString();
  }

  @Test
  void manifestsAreFoundByTheirDatasets() throws Exception {
    MdsFolder.write(folder.resolve("in/a"), KEYED, samples("a", 3));
    run(folder.resolve("in").toString(), "out");

    Manifest manifest =
        Manifest.parse(Files.readAllBytes(folder.resolve("out/manifest.json")), Manifest.FILE_NAME);

    assertThat(manifest.outputs().get(0).folder(), equalTo("mds/a"));
    assertThat(manifest.ledger().imbalances(), empty());
  }
}
