package org.millrace.pipelines.datasets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.beam.sdk.testing.TestPipeline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.column.Column;
import org.millrace.io.shard.Manifest;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.verify.DatasetVerifier;
import org.millrace.io.verify.StoredDataset;
import org.millrace.pipelines.Datasets;
import org.millrace.pipelines.Job;
import org.millrace.transforms.data.TokenIds;

/** The formats of a recipe, each with its settings. */
class PretrainOutputTest {

  private static final List<String> BARE =
      List.of("max_bad_fraction=0.2", "dedup=null", "shuffle=null", "pack=null");

  private static final String[] PACKED = {
    "pack.sequence_length=10", "pack.buckets=1", "pack.leftover=pad", "output.num_shards=2"
  };

  @TempDir private Path folder;
  private Corpus corpus;

  @BeforeEach
  void makeCorpus() throws IOException {
    corpus = Corpus.in(folder);
  }

  private static List<String> with(String[] first, String... more) {
    return Stream.of(BARE.stream(), Stream.of(first), Stream.of(more)).flatMap(s -> s).toList();
  }

  private Manifest run(List<String> overrides) throws IOException {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Datasets.plan(Datasets.recipe("pretrain", overrides), corpus.job()).addTo(pipeline);
    pipeline.run().waitUntilFinish();
    assertThat(
        DatasetVerifier.verify(StoredDataset.open(corpus.output().toString())), equalTo(List.of()));
    return corpus.manifest();
  }

  private List<TokenIds> tokens(Manifest.Output output) throws IOException {
    StoredDataset dataset = StoredDataset.open(corpus.output().toString());
    List<TokenIds> tokens = new ArrayList<>();
    for (long i = 0; i < output.samples(); i++) {
      tokens.add(dataset.sample(output, i).ids(Column.TOKENS, output.format() + " " + i));
    }
    return tokens;
  }

  private static List<String> paths(Manifest.Output output) {
    return output.files().stream().map(Manifest.File::path).toList();
  }

  private void assertEqualTokens(Manifest manifest, int formats) throws IOException {
    assertThat(manifest.outputs().size(), equalTo(formats));
    List<TokenIds> first = tokens(manifest.outputs().get(0));
    for (Manifest.Output output : manifest.outputs()) {
      assertThat(output.format(), tokens(output), equalTo(first));
    }
  }

  @Test
  void onePassWritesTheSameTokensInAllFormats() throws IOException {
    Manifest manifest = run(with(PACKED, "output.formats=npy,megatron,hdf5,mds"));

    assertEqualTokens(manifest, 4);
    assertThat(
        corpus.sequences(10),
        contains("ghijklmno|", "pq|rstuv|a", "bcdef|abcd", "ef|wxyz|01", "23||||||||"));
    assertThat(
        paths(manifest.outputs().get(1)),
        contains(
            "megatron/shard-00000_text_document.bin", "megatron/shard-00000_text_document.idx"));
    assertThat(paths(manifest.outputs().get(2)), contains("hdf5/data-00000.h5"));
    assertThat(paths(manifest.outputs().get(3)), contains("mds/shard.00000.mds", "mds/index.json"));
  }

  @Test
  void documentsGoToEveryFormatThatHoldsThem() throws IOException {
    assertEqualTokens(run(with(new String[0], "output.formats=[npy, megatron, mds]")), 3);
  }

  @ParameterizedTest
  @CsvSource({
    "uint16, '', uint16, 128 + 50 * 2",
    "int32, '', int32, 128 + 50 * 4",
    "int64, '', int64, 128 + 50 * 8",
    "auto, '', uint16, 128 + 50 * 2",
    "uint16, pack=null, uint16, 128 + 51 * 2",
    "auto, pack=null, int64, 128 + 51 * 8",
  })
  void npyHasTheTypeThatIsAskedFor(String asked, String more, String got, String bytes)
      throws IOException {
    List<String> overrides = new ArrayList<>(with(PACKED, "output.num_shards=1"));
    overrides.add("output.npy.dtype=" + asked);
    if (!more.isEmpty()) {
      overrides.add(more);
    }

    Manifest.Output output = run(overrides).outputs().get(0);

    assertThat(output.properties().get("dtype"), equalTo(got));
    int[] sum = Stream.of(bytes.split("[ +*]+")).mapToInt(Integer::parseInt).toArray();
    long expected = sum[0] + (long) sum[1] * sum[2];
    assertThat(output.files().get(0).bytes(), equalTo(expected));
  }

  @Test
  void megatronHasItsSettings() throws IOException {
    Manifest.Output output =
        run(with(
                PACKED,
                "output.formats=megatron",
                "output.num_shards=1",
                "output.megatron.prefix=web",
                "output.megatron.key=content",
                "output.megatron.dtype=int32",
                "output.megatron.part_bytes=100"))
            .outputs()
            .get(0);

    assertThat(output.properties().get("dtype"), equalTo("int32"));
    assertThat(
        paths(output),
        contains(
            "megatron/web-00000_content_document.bin.000",
            "megatron/web-00000_content_document.bin.001",
            "megatron/web-00000_content_document.idx"));
  }

  @Test
  void hdf5HasItsSettings() throws IOException {
    Manifest.Output output =
        run(with(
                PACKED,
                "output.formats=hdf5",
                "output.num_shards=1",
                "output.hdf5.naming=examples",
                "output.hdf5.gzip_level=0",
                "output.hdf5.rows_per_file=3"))
            .outputs()
            .get(0);

    assertThat(paths(output), contains("hdf5/examples_0_0.h5", "hdf5/examples_1_0.h5"));
    assertThat(output.files().get(0).samples(), equalTo(3L));
  }

  @Test
  void mdsHasItsSettings() throws IOException {
    Manifest.Output output =
        run(with(
                PACKED,
                "output.formats=mds",
                "output.num_shards=1",
                "output.mds.columns=tokens,mask,labels,document_ends",
                "output.mds.dtype=uint32",
                "output.mds.compression=zstd:7",
                "output.mds.hashes=sha1,xxh64",
                "output.mds.size_limit=null",
                "output.mds.samples_per_shard=4"))
            .outputs()
            .get(0);

    assertThat(
        paths(output),
        contains("mds/shard.00000.mds.zstd", "mds/shard.00001.mds.zstd", "mds/index.json"));
    assertThat(
        output.properties().get("columns"),
        equalTo(
            "document_ends json, labels ndarray:uint32, mask ndarray:uint8, tokens"
                + " ndarray:uint32"));
    String index = Files.readString(corpus.output().resolve("mds/index.json"));
    assertThat(index, containsString("\"hashes\": [\"sha1\", \"xxh64\"]"));
    assertThat(index, containsString("\"size_limit\": null"));
    StoredSample second = StoredDataset.open(corpus.output().toString()).sample(output, 1);
    assertThat(second.value(second.index("document_ends").orElseThrow()), equalTo("[3, 9]"));
    // "pq|rstuv|a" is followed by "b".
    assertThat(
        second.ids("labels", "1"),
        equalTo(TokenIds.of('q', 256, 'r', 's', 't', 'u', 'v', 256, 'a', 'b')));
    assertThat(second.ids("mask", "1"), equalTo(TokenIds.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)));
  }

  @Test
  void mdsIsCutBySize() throws IOException {
    Manifest.Output output =
        run(with(PACKED, "output.formats=mds", "output.num_shards=1", "output.mds.size_limit=300"))
            .outputs()
            .get(0);

    assertThat(paths(output).size(), greaterThan(2));
    for (Manifest.File file : output.files().subList(0, output.files().size() - 1)) {
      assertThat(file.path(), file.bytes(), lessThanOrEqualTo(300L));
    }
  }

  @Test
  void documentsOfMdsHaveTheirSettings() throws IOException {
    Manifest.Output output =
        run(with(
                new String[0],
                "output.formats=mds",
                "output.mds.columns=tokens,document_ends",
                "output.mds.dtype=uint32"))
            .outputs()
            .get(0);

    assertThat(output.properties().get("dtype"), equalTo("uint32"));
    assertThat(output.properties().containsKey("not_kept"), equalTo(false));
    StoredSample first = StoredDataset.open(corpus.output().toString()).sample(output, 0);
    assertThat(first.value(first.index("document_ends").orElseThrow()), equalTo("[10]"));
  }

  @Test
  void megatronIsNamedAfterInputFiles() throws IOException {
    Manifest manifest =
        run(with(new String[0], "output.formats=npy,megatron", "output.num_shards=input_files"));

    assertThat(
        paths(manifest.outputs().get(1)),
        contains(
            "megatron/books/b_text_document.bin",
            "megatron/books/b_text_document.idx",
            "megatron/web/a_text_document.bin",
            "megatron/web/a_text_document.idx"));
    assertEqualTokens(manifest, 2);
  }

  private static String refusal(Job job, String... overrides) {
    List<String> all = Stream.concat(BARE.stream(), Stream.of(overrides)).toList();
    return assertThrows(
            IllegalArgumentException.class,
            () -> Datasets.plan(Datasets.recipe("pretrain", all), job))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          output.formats=npy,hdf5 | output.hdf5: its rows have one length, and documents that are not packed have many; turn pack on, or take hdf5 from output.formats
          output.formats=megatrn  | --set=output.formats=megatrn: output.formats is the text "megatrn", must be a list of npy, megatron, hdf5, mds; did you mean megatron?
          output.formats=npy,npy  | --set=output.formats=npy,npy: output.formats holds npy twice; name each once
          output.npy.dtype=int8   | --set=output.npy.dtype=int8: output.npy.dtype is the text "int8", must be one of auto, uint16, int32, int64
          output.hdf5.gzip_level=10 | --set=output.hdf5.gzip_level=10: output.hdf5.gzip_level is 10, must be an integer in 0..9
          output.hdf5.rows_per_file=0 | --set=output.hdf5.rows_per_file=0: output.hdf5.rows_per_file is 0, must be an integer in 1..1073741824, or null
          output.megatron.part_bytes=7 | --set=output.megatron.part_bytes=7: output.megatron.part_bytes is 7, must be an integer from 8, or null
          output.mds.columns=tokens,ends | --set=output.mds.columns=tokens,ends: output.mds.columns is the text "ends", must be a list of tokens, mask, labels, document_ends
          output.mds.columns=mask&output.formats=mds | output.mds: columns must have tokens among them, was [mask]: nothing else makes a sample to train on
          output.mds.size_limit=4294967296 | --set=output.mds.size_limit=4294967296: output.mds.size_limit is 4294967296, must be an integer in 1..4294967295, or null
          output.mds.samples_per_shard=0 | --set=output.mds.samples_per_shard=0: output.mds.samples_per_shard is 0, must be an integer in 1..1073741824, or null
          output.mds.compression=zstd:23&output.formats=mds | output.mds: compression: expected none, br[:0-11], bz2[:1-9], gz[:0-9], snappy or zstd[:1-22], got zstd:23
          output.megatron={prefix: a/b}&output.formats=megatron | output.megatron: prefix must be letters, digits and any of . _ -, was a/b
          """)
  void refusesBeforeAnyWork(String overrides, String problem) {
    assertThat(refusal(corpus.job(), overrides.split("&")), equalTo(problem));
  }

  @Test
  void refusesAHashThatMdsDoesNotKnow() {
    String found = refusal(corpus.job(), "output.formats=mds", "output.mds.hashes=sha-1");

    assertThat(found, startsWith("output.mds: hashes: expected of [blake2b, "));
    assertThat(found, endsWith(", got sha-1"));
  }

  /** What a format would refuse does not matter when it is not written. */
  @Test
  void asksOnlyTheFormatsThatAreWritten() throws IOException {
    run(with(new String[0], "output.megatron.prefix=a/b"));
  }

  /** What is refused for a vocabulary; tokenizers of that size take long to load. */
  private static String refusal(int vocabularySize, String... overrides) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> {
              PretrainRecipe settings =
                  (PretrainRecipe) Datasets.recipe("pretrain", List.of(overrides)).settings();
              new PretrainSinks(settings, vocabularySize, Optional.empty()).check();
            })
        .getMessage();
  }

  @Test
  void refusesMegatronsTypeWhereItsReadersDiffer() {
    for (String more : new String[] {"pack=null", "pack.buckets=1"}) {
      assertThat(
          refusal(65_536, "output.formats=megatron", more),
          equalTo(
              "output.megatron: dtype must be uint16 or int32, not auto, for a vocabularySize of"
                  + " 65500..65536, was 65536: there Megatron-LM's writers take int32, and its"
                  + " fast_cache_load reads uint16"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "npy, 'choose a wider one, as int32'",
    "megatron, 'set it to auto, or to a wider one'"
  })
  void refusesATypeThatDoesNotHoldTheVocabulary(String format, String advice) {
    assertThat(
        refusal(65_537, "output.formats=" + format, "output." + format + ".dtype=uint16"),
        equalTo(
            "output."
                + format
                + ": dtype uint16 does not hold all ids of a vocabulary of 65537; "
                + advice));
  }
}
