package org.millrace.io.convert;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.TokenRow;
import org.millrace.io.convert.Shards.Row;
import org.millrace.io.mds.MdsColumn;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.mds.MdsSettings;
import org.millrace.io.megatron.MegatronIO;
import org.millrace.io.megatron.MegatronSettings;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.verify.DatasetVerifier;
import org.millrace.io.verify.StoredDataset;

class ConversionTest {

  private static final int ANY = Integer.MAX_VALUE;
  private static final long SEED = 5;

  @TempDir private Path temp;
  private Path sequences;
  private Path documents;

  /** Three shards of sequences in uint16, and two of documents in int64. */
  @BeforeEach
  void writeSources() throws IOException {
    Random random = new Random(SEED);
    sequences = temp.resolve("sequences");
    for (int i = 0; i < 3; i++) {
      Shards.write(
          sequences,
          NpyIO.sequenceRows(8, ANY, DType.UINT16),
          i,
          Shards.sequences(random, 5 + i, 8, 65_536));
    }
    documents = temp.resolve("documents");
    for (int i = 0; i < 2; i++) {
      Shards.write(
          documents,
          NpyIO.documentRows(ANY, DType.INT64),
          i,
          Shards.documents(random, 6 + i, 1_000_000));
    }
  }

  private Conversion.Result convert(
      Path source, String to, Path output, UnaryOperator<ConversionSettings> more)
      throws IOException {
    return convert(List.of(source), to, output, more);
  }

  private Conversion.Result convert(
      List<Path> sources, String to, Path output, UnaryOperator<ConversionSettings> more)
      throws IOException {
    List<String> locations = sources.stream().map(Path::toString).toList();
    Conversion.Result result =
        Conversion.plan(more.apply(ConversionSettings.of(locations, to, output.toString()))).run();
    assertThat(result.findings(), is(empty()));
    assertThat(DatasetVerifier.verify(StoredDataset.open(output.toString())), is(empty()));
    return result;
  }

  @ParameterizedTest
  @ValueSource(strings = {"npy", "megatron", "mds"})
  void sequencesComeBackAsTheyWere(String format) throws IOException {
    convert(sequences, format, temp.resolve("there"), settings -> settings);
    convert(temp.resolve("there"), "npy", temp.resolve("back"), settings -> settings);

    assertThat(Shards.files(temp.resolve("back/npy")), equalTo(Shards.files(sequences)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"npy", "megatron", "mds"})
  void documentsComeBackAsTheyWere(String format) throws IOException {
    convert(documents, format, temp.resolve("there"), settings -> settings);
    convert(
        temp.resolve("there"),
        "npy",
        temp.resolve("back"),
        settings -> settings.withDtype(DType.INT64));

    assertThat(Shards.files(temp.resolve("back/npy")), equalTo(Shards.files(documents)));
  }

  @Test
  void rowsComeBackAsTheyWere() throws IOException {
    convert(sequences, "hdf5", temp.resolve("rows"), settings -> settings);
    convert(temp.resolve("rows"), "hdf5", temp.resolve("again"), settings -> settings);
    convert(
        temp.resolve("rows"),
        "npy",
        temp.resolve("back"),
        settings -> settings.withDtype(DType.UINT16));

    assertThat(
        Shards.files(temp.resolve("again/hdf5")), equalTo(Shards.files(temp.resolve("rows/hdf5"))));
    assertThat(Shards.files(temp.resolve("back/npy")), equalTo(Shards.files(sequences)));
    assertThat(property(temp.resolve("back"), "not_kept"), is(Optional.of("labels, mask")));
  }

  @Test
  void sentencesAndRowsComeBackFromMds() throws IOException {
    Shards.write(
        temp.resolve("sentences"),
        MegatronIO.rows(MegatronSettings.of(100)),
        0,
        List.of(new Row(Row.of(1, 2).tokens(), 0), new Row(Row.of(3).tokens(), 1)));
    convert(sequences, "hdf5", temp.resolve("rows"), settings -> settings);

    convert(temp.resolve("sentences"), "mds", temp.resolve("a"), settings -> settings);
    convert(temp.resolve("a"), "megatron", temp.resolve("b"), settings -> settings);
    convert(temp.resolve("rows"), "mds", temp.resolve("c"), settings -> settings);
    convert(temp.resolve("c"), "hdf5", temp.resolve("d"), settings -> settings);

    assertThat(
        Shards.files(temp.resolve("b/megatron")), equalTo(Shards.files(temp.resolve("sentences"))));
    assertThat(
        Shards.files(temp.resolve("d/hdf5")), equalTo(Shards.files(temp.resolve("rows/hdf5"))));
  }

  @Test
  void copiesAllColumnsOfMds() throws IOException {
    Path mixed = temp.resolve("mixed");
    List<MdsColumn<TokenRow>> columns =
        List.of(
            new MdsColumn<>(new Column("domain", "str"), row -> "web"),
            new MdsColumn<>(Column.array("input_ids", DType.UINT16), TokenRow::tokens));
    ShardSink<TokenRow> sink = MdsIO.columns(columns, MdsSettings.standard());
    Shards.write(mixed, sink, 0, Shards.documents(new Random(SEED), 9, 60_000));
    Shards.write(mixed, sink, 1, Shards.documents(new Random(SEED + 1), 5, 60_000));
    Files.write(
        mixed.resolve("index.json"), MdsIO.rebuildIndex(StoredFolder.list(mixed.toString())));

    convert(
        mixed,
        "mds",
        temp.resolve("small"),
        settings ->
            settings
                .withShards(1)
                .withOption("mds.compression", "zstd:7")
                .withOption("mds.hashes", "sha1,xxh64")
                .withOption("mds.samples_per_shard", "3"));
    Conversion.Result back =
        convert(
            temp.resolve("small"),
            "mds",
            temp.resolve("back"),
            settings -> settings.withShards(1).withOption("mds.samples_per_shard", "9"));
    Conversion.Result npy = convert(mixed, "npy", temp.resolve("npy"), settings -> settings);

    assertThat(Shards.files(temp.resolve("back/mds")), equalTo(Shards.files(mixed)));
    assertThat(Shards.files(temp.resolve("small/mds")), is(aMapWithSize(6)));
    assertThat(back.notKept(), is(Optional.empty()));
    assertThat(npy.notKept(), is(Optional.of("domain")));
  }

  @Test
  void refusesEmptySamplesForMds() throws IOException {
    write("gaps", NpyIO.documentRows(ANY, DType.INT32), Row.of(1, 2), Row.of());

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> convert(temp.resolve("gaps"), "mds", temp.resolve("out"), settings -> settings));

    assertThat(e.getMessage(), containsString("sample 1"));
  }

  @Test
  void refusesDocumentsForRows() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> convert(documents, "hdf5", temp.resolve("out"), settings -> settings));

    assertThat(e.getMessage(), containsString("sample 1 (shard-00000.npy)"));
  }

  @Test
  void pairsComeBackAsTheyWere() throws IOException {
    convert(documents, "megatron", temp.resolve("pairs"), settings -> settings);
    convert(temp.resolve("pairs"), "npy", temp.resolve("there"), settings -> settings);
    convert(temp.resolve("there"), "megatron", temp.resolve("back"), settings -> settings);

    assertThat(
        Shards.files(temp.resolve("back/megatron")),
        equalTo(Shards.files(temp.resolve("pairs/megatron"))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 18, 30})
  void cutsShardsEvenly(int shards) throws IOException {
    convert(sequences, "npy", temp.resolve("cut"), settings -> settings.withShards(shards));
    convert(temp.resolve("cut"), "npy", temp.resolve("one"), settings -> settings.withShards(1));
    convert(sequences, "npy", temp.resolve("expected"), settings -> settings.withShards(1));

    assertThat(
        Shards.files(temp.resolve("one/npy")), equalTo(Shards.files(temp.resolve("expected/npy"))));
    assertThat(Shards.files(temp.resolve("cut/npy")), is(aMapWithSize(Math.min(18, shards))));
    List<Long> sizes =
        StoredDataset.open(temp.resolve("cut").toString())
            .manifest()
            .outputs()
            .get(0)
            .files()
            .stream()
            .map(Manifest.File::samples)
            .toList();
    long smallest = sizes.stream().mapToLong(size -> size).min().orElseThrow();
    long largest = sizes.stream().mapToLong(size -> size).max().orElseThrow();
    assertThat(largest - smallest, is(18 % shards == 0 || shards > 18 ? 0L : 1L));
  }

  @Test
  void appendsSourcesInTheirOrder() throws IOException {
    Path second = sequences.resolve("shard-00001.npy");
    Path first = sequences.resolve("shard-00000.npy");

    convert(List.of(second, first), "npy", temp.resolve("both"), settings -> settings);

    assertThat(
        Files.readAllBytes(temp.resolve("both/npy/shard-00000.npy")),
        is(Files.readAllBytes(second)));
    assertThat(
        Files.readAllBytes(temp.resolve("both/npy/shard-00001.npy")),
        is(Files.readAllBytes(first)));
  }

  @Test
  void mergesFolders() throws IOException {
    convert(
        List.of(sequences, sequences),
        "megatron",
        temp.resolve("merged"),
        settings -> settings.withShards(1));

    Manifest manifest = StoredDataset.open(temp.resolve("merged").toString()).manifest();
    assertThat(manifest.outputs().get(0).samples(), is(36L));
    assertThat(manifest.outputs().get(0).tokens(), is(36L * 8));
    assertThat(manifest.outputs().get(0).files().size(), is(2));
  }

  /** As CEPE's merge of shard folders; the original's arrays are pickled. */
  @Test
  void mergesFoldersOfLogitsWithAllTheirColumns() throws IOException {
    Path golden =
        Path.of(System.getProperty("millrace.home"), "../shared/data/golden/mds/cepe-logits-pkl");
    Assumptions.assumeTrue(Files.exists(golden), "skipped: there is no shared/data/golden");

    Conversion.Result result =
        convert(
            List.of(golden, golden),
            "mds",
            temp.resolve("merged"),
            settings -> settings.withShards(1));

    assertThat(result.findings(), is(List.of()));
    assertThat(result.samples(), is(12L));
    List<List<Object>> once = values(golden);
    List<List<Object>> both = new ArrayList<>(once);
    both.addAll(once);
    assertThat(once.get(0).size(), is(2));
    assertThat(values(temp.resolve("merged/mds")), is(both));
  }

  private static List<List<Object>> values(Path folder) throws IOException {
    List<List<Object>> all = new ArrayList<>();
    for (List<StoredFile> shard :
        MdsIO.format().shards(StoredFolder.list(folder.toString()), finding -> {})) {
      try (ShardReader reader = MdsIO.format().open(shard);
          SampleCursor samples = reader.read(0)) {
        for (Optional<StoredSample> sample = samples.next();
            sample.isPresent();
            sample = samples.next()) {
          List<Object> values = new ArrayList<>();
          for (int i = 0; i < sample.get().columns().size(); i++) {
            values.add(sample.get().value(i));
          }
          all.add(values);
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void doesNotDependOnTheNumberOfThreads(int threads) throws IOException {
    convert(
        documents,
        "megatron",
        temp.resolve("some"),
        settings -> settings.withShards(5).withThreads(threads));
    convert(
        documents,
        "megatron",
        temp.resolve("three"),
        settings -> settings.withShards(5).withThreads(3));

    assertThat(Shards.files(temp.resolve("some")), equalTo(Shards.files(temp.resolve("three"))));
  }

  @Test
  void doesNotDependOnWhereTheSourceIs() throws IOException {
    Path moved = temp.resolve("elsewhere/deep/down");
    Files.createDirectories(moved.getParent());
    convert(sequences, "npy", temp.resolve("a"), settings -> settings);
    Files.move(sequences, moved);
    convert(moved, "npy", temp.resolve("b"), settings -> settings);

    assertThat(Shards.files(temp.resolve("a")), equalTo(Shards.files(temp.resolve("b"))));
  }

  @ParameterizedTest
  @CsvSource({"npy, int64", "megatron, int32"})
  void keepsTheTypeWhereTheFormatHoldsIt(String to, String dtype) throws IOException {
    convert(documents, to, temp.resolve("out"), settings -> settings);

    assertThat(property(temp.resolve("out"), "dtype"), is(Optional.of(dtype)));
  }

  private static Optional<String> property(Path folder, String name) throws IOException {
    Map<String, String> properties =
        StoredDataset.open(folder.toString()).manifest().outputs().get(0).properties();
    return Optional.ofNullable(properties.get(name));
  }

  @Test
  void refusesAnIdThatTheTypeDoesNotHold() throws IOException {
    write("wide", NpyIO.sequenceRows(2, ANY, DType.INT32), Row.of(1, 2), Row.of(3, 65_536));

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                convert(
                    temp.resolve("wide"),
                    "npy",
                    temp.resolve("out"),
                    settings -> settings.withDtype(DType.UINT16)));

    assertThat(e.getMessage(), allOf(containsString("sample 1 (shard"), containsString("65536")));
    assertThat(Shards.files(temp.resolve("out")), is(aMapWithSize(0)));
  }

  @Test
  void refusesSamplesOfOtherLengthsForSequences() throws IOException {
    write("mixed", NpyIO.documentRows(ANY, DType.INT32), Row.of(1, 2), Row.of(3, 4, 5));

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                convert(
                    temp.resolve("mixed"),
                    "npy",
                    temp.resolve("out"),
                    settings -> settings.withLayout(ConversionSettings.Layout.SEQUENCES)));

    assertThat(
        e.getMessage(), containsString("sample 1 (shard-00000.npy): expected 2 tokens, got 3"));
  }

  private void write(String folder, ShardSink<TokenRow> sink, Row... rows) throws IOException {
    Shards.write(temp.resolve(folder), sink, 0, List.of(rows));
  }

  @Test
  void makesSequencesOfDocumentsOfOneLength() throws IOException {
    write("equal", NpyIO.documentRows(ANY, DType.UINT16), Row.of(1, 2), Row.of(3, 4));

    convert(
        temp.resolve("equal"),
        "npy",
        temp.resolve("out"),
        settings -> settings.withLayout(ConversionSettings.Layout.SEQUENCES));

    assertThat(property(temp.resolve("out"), "layout"), is(Optional.of("[samples, 2]")));
  }

  @Test
  void makesDocumentsOfSequences() throws IOException {
    convert(
        sequences,
        "npy",
        temp.resolve("out"),
        settings -> settings.withLayout(ConversionSettings.Layout.DOCUMENTS));

    assertThat(property(temp.resolve("out"), "layout"), is(Optional.of("[n][lengths][tokens]")));
  }

  @Test
  void tellsWhatIsNotKept() throws IOException {
    List<Row> sentences =
        List.of(new Row(Row.of(1, 2).tokens(), 0), new Row(Row.of(3).tokens(), 1));
    Shards.write(
        temp.resolve("sentences"), MegatronIO.rows(MegatronSettings.of(100)), 0, sentences);

    Conversion.Result npy =
        convert(temp.resolve("sentences"), "npy", temp.resolve("a"), settings -> settings);
    Conversion.Result pairs =
        convert(temp.resolve("sentences"), "megatron", temp.resolve("b"), settings -> settings);

    assertThat(npy.notKept(), is(Optional.of("documents_ended")));
    assertThat(pairs.notKept(), is(Optional.empty()));
    assertThat(
        Shards.files(temp.resolve("b/megatron")), equalTo(Shards.files(temp.resolve("sentences"))));
  }

  @Test
  void leavesNothingWhenTheSourceIsDamagedHalfWay() throws IOException {
    Path last = documents.resolve("shard-00001.npy");
    byte[] bytes = Files.readAllBytes(last);
    bytes[128 + 8 * 4] = 99;
    Files.write(last, bytes);

    IOException e =
        assertThrows(
            IOException.class,
            () -> convert(documents, "npy", temp.resolve("out"), settings -> settings));

    assertThat(e.getMessage(), containsString("shard-00001.npy"));
    assertThat(Shards.files(temp.resolve("out")), is(aMapWithSize(0)));
  }

  @Test
  void refusesASourceOfWhichAShardIsMissing() throws IOException {
    Path sealed = temp.resolve("sealed");
    convert(sequences, "npy", sealed, settings -> settings);
    Files.delete(sealed.resolve("npy/shard-00001.npy"));

    IOException e =
        assertThrows(
            IOException.class,
            () -> convert(sealed, "megatron", temp.resolve("out"), settings -> settings));

    assertThat(e.getMessage(), containsString("npy/shard-00001.npy: bytes: expected"));
    assertThat(e.getMessage(), containsString("got no file"));
  }

  @Test
  void asksWhichFormatIsMeant() throws IOException {
    Path both = temp.resolve("both");
    convert(sequences, "megatron", temp.resolve("pairs"), settings -> settings);
    Files.createDirectories(both);
    Files.move(temp.resolve("pairs/megatron"), both.resolve("megatron"));
    Files.move(sequences, both.resolve("npy"));

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> convert(both, "npy", temp.resolve("out"), settings -> settings));
    assertThat(e.getMessage(), containsString("holds npy, megatron; from must be one of them"));

    convert(both, "npy", temp.resolve("out"), settings -> settings.withFrom("npy"));
    assertThat(Shards.files(temp.resolve("out/npy")), equalTo(Shards.files(both.resolve("npy"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          npy      | mds.compression | the option mds.compression is not one of the format npy
          npy      | npy.level       | there is no option npy.level; the format has none
          megatron | megatron.prefx  | there is no option megatron.prefx; those of the format are prefix, key
          megatron | megatron.part_bytes | megatron.part_bytes must be a whole number in 0..
          parquet  | parquet.x       | to must be npy, megatron, hdf5 or mds, was parquet
          """)
  void refusesWhatAFormatDoesNotKnow(String to, String option, String message) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                convert(
                    sequences,
                    to,
                    temp.resolve("out"),
                    settings -> settings.withOption(option, "x")));

    assertThat(e.getMessage(), containsString(message));
  }

  @Test
  void takesTheFormatsOptions() throws IOException {
    convert(
        sequences,
        "megatron",
        temp.resolve("out"),
        settings ->
            settings.withOption("megatron.prefix", "books").withOption("megatron.key", "content"));

    try (Stream<Path> files = Files.list(temp.resolve("out/megatron"))) {
      assertThat(
          files
              .map(file -> file.getFileName().toString())
              .filter(n -> n.contains("00002"))
              .sorted()
              .toList(),
          is(List.of("books-00002_content_document.bin", "books-00002_content_document.idx")));
    }
  }

  @Test
  void remembersWhatTheSourceWasMadeBy() throws IOException {
    convert(sequences, "megatron", temp.resolve("a"), settings -> settings);
    convert(temp.resolve("a"), "npy", temp.resolve("b"), settings -> settings);

    Manifest manifest = StoredDataset.open(temp.resolve("b").toString()).manifest();

    assertThat(manifest.header().recipe(), containsString("\"to\":\"npy\""));
    assertThat(manifest.header().recipe(), containsString("\"to\":\"megatron\""));
    assertThat(manifest.header().tokenizer().isKnown(), is(false));
    assertThat(Files.readString(temp.resolve("b/manifest.json")), not(containsString("tokenizer")));
    List<String> inputs = new ArrayList<>();
    manifest.inputs().forEach(input -> inputs.add(input.path() + " " + input.documents()));
    assertThat(
        inputs.subList(0, 2),
        is(
            List.of(
                "megatron/shard-00000_text_document.bin 0",
                "megatron/shard-00000_text_document.idx 5")));
  }

  @Test
  void namesSourcesByWhatTellsThemApart() {
    assertThat(Source.names(List.of("/d/a/")), is(List.of("")));
    assertThat(Source.names(List.of("/d/a-0/", "/d/a-1/")), is(List.of("a-0", "a-1")));
    assertThat(Source.names(List.of("/d/a/", "/d/a/b/")), is(List.of("", "b")));
    assertThat(Source.names(List.of("/d/x/t/", "/e/x/t/")), is(List.of("d/x/t", "e/x/t")));
  }
}
