package org.millrace.io.mds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;
import org.millrace.io.column.TokenRow;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.StoredShards;
import org.millrace.io.stored.StoredValues;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;

class MdsIOTest {

  private static final MdsSettings STANDARD = MdsSettings.standard();

  @TempDir private Path folder;

  private record Page(int[] tokens, String domain, int id) {}

  private static <T> MdsColumn<T> column(
      String name, String type, SerializableFunction<T, Object> value) {
    return new MdsColumn<>(new Column(name, type), value);
  }

  private static PackedSequence sequence(int number, List<Piece> pieces, int... tokens) {
    return new PackedSequence(
        OrderKey.natural(0, 1, number),
        "0/" + number,
        TokenIds.of(tokens),
        pieces,
        OptionalInt.empty());
  }

  private static TokenizedDocument document(String id, int... tokens) {
    return new TokenizedDocument(OrderKey.natural(0, 1, 0), id, "text", 1, TokenIds.of(tokens));
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /** What the real writer makes of two samples. */
  @Test
  void writesTheWorkedExample() throws IOException {
    ShardSink<Page> sink =
        MdsIO.columns(
            List.of(
                column("tokens", "ndarray:uint16", page -> TokenIds.of(page.tokens())),
                column("domain", "str", Page::domain),
                column("id", "int32", Page::id)),
            STANDARD.withSizeLimit(0).withHashes(List.of("xxh64", "sha1")));

    MdsFolder written =
        MdsFolder.write(
            folder,
            sink,
            List.of(
                new Page(new int[] {1, 2, 3}, "wiki", 7), new Page(new int[] {65535}, "cc", -1)));

    String config =
        "{\"column_encodings\": [\"str\", \"int32\", \"ndarray:uint16\"], \"column_names\":"
            + " [\"domain\", \"id\", \"tokens\"], \"column_sizes\": [null, 4, null],"
            + " \"compression\": null, \"format\": \"mds\", \"hashes\": [\"sha1\", \"xxh64\"],"
            + " \"size_limit\": null, \"version\": 2}";
    String hex =
        "02000000 fa000000 12010000 24010000"
            + HexFormat.of().formatHex(config.getBytes(StandardCharsets.UTF_8))
            + "04000000 08000000 77696b69 07000000 0403010002000300"
            + "02000000 04000000 6363 ffffffff 0401ffff";
    assertThat(
        HexFormat.of().formatHex(written.bytes("shard.00000.mds")), equalTo(hex.replace(" ", "")));
    assertThat(
        new String(written.bytes("index.json"), StandardCharsets.UTF_8),
        equalTo(
            "{\"shards\": [{\"column_encodings\": [\"str\", \"int32\", \"ndarray:uint16\"],"
                + " \"column_names\": [\"domain\", \"id\", \"tokens\"], \"column_sizes\": [null,"
                + " 4, null], \"compression\": null, \"format\": \"mds\", \"hashes\": [\"sha1\","
                + " \"xxh64\"], \"raw_data\": {\"basename\": \"shard.00000.mds\", \"bytes\": 292,"
                + " \"hashes\": {\"sha1\": \"7f9b366cba3d85b4013a94dd8df215db6e455533\","
                + " \"xxh64\": \"e87eca7b4df79649\"}}, \"samples\": 2, \"size_limit\": null,"
                + " \"version\": 2, \"zip_data\": null}], \"version\": 2}"));
    assertThat(written.check(65_536), empty());
  }

  @Test
  void putsColumnsInTheOrderOfCodePoints() throws IOException {
    ShardSink<Integer> sink =
        MdsIO.columns(
            List.of(
                column("\ud83d\ude00", "uint8", i -> 3),
                column("\uffee", "uint8", i -> 2),
                column("b", "uint8", i -> 1),
                column("B", "uint8", i -> 0)),
            STANDARD);

    List<StoredSample> samples = MdsFolder.write(folder, sink, numbers(1)).samples();

    List<String> names = samples.get(0).columns().stream().map(Column::name).toList();
    assertThat(names, equalTo(List.of("B", "b", "\uffee", "\ud83d\ude00")));
    assertThat(samples.get(0).value(3), equalTo(3L));
  }

  @Test
  void writesSequences() throws IOException {
    ShardSink<PackedSequence> sink =
        MdsIO.sequences(100, Set.of("document_ends", "labels", "mask"), STANDARD);
    List<Piece> pieces =
        List.of(new Piece("a", 2, false, true, 0), new Piece("b", 1, true, false, 9));

    MdsFolder written =
        MdsFolder.write(
            folder, sink, List.of(sequence(0, pieces, 7, 8, 9, 0), sequence(1, List.of(), 5, 5)));

    List<StoredSample> samples = written.samples();
    assertThat(samples.get(0).ids("tokens", ""), equalTo(TokenIds.of(7, 8, 9, 0)));
    assertThat(samples.get(0).ids("labels", ""), equalTo(TokenIds.of(8, 9, 0, 0)));
    assertThat(samples.get(0).ids("mask", ""), equalTo(TokenIds.of(1, 1, 0, 0)));
    assertThat(samples.get(0).ids("document_ends", ""), equalTo(TokenIds.of(2)));
    assertThat(samples.get(0).value(0), equalTo("[2]"));
    assertThat(samples.get(1).ids("document_ends", ""), equalTo(TokenIds.of()));
    assertThat(
        samples.get(0).columns().stream().map(Column::toString).toList(),
        equalTo(
            List.of(
                "document_ends json",
                "labels ndarray:uint16",
                "mask ndarray:uint8",
                "tokens ndarray:uint16")));
    assertThat(
        sink.properties(),
        equalTo(
            new TreeMap<>(
                Map.of(
                    "dtype",
                    "uint16",
                    "compression",
                    "none",
                    "columns",
                    "document_ends json, labels ndarray:uint16, mask ndarray:uint8, tokens"
                        + " ndarray:uint16"))));
    assertThat(written.check(100), empty());
  }

  @Test
  void countsTokensAndPadding() throws IOException {
    List<Piece> pieces = List.of(new Piece("a", 3, true, true, 9));
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<PackedSequence> sequences =
            MdsIO.sequences(100, Set.of(), STANDARD).open(scratch, 2);
        ShardWriter<TokenizedDocument> documents =
            MdsIO.documents(100, STANDARD).open(scratch, 1)) {
      sequences.write(sequence(0, pieces, 1, 2, 3, 0));
      sequences.write(sequence(1, pieces, 1, 2, 3, 0));
      documents.write(document("a", 1, 2));

      assertThat(sequences.counts(), equalTo(new TreeMap<>(Map.of("tokens", 6L, "padding", 2L))));
      assertThat(documents.counts(), equalTo(new TreeMap<>(Map.of("tokens", 2L))));
    }
  }

  @Test
  void saysWhatIsLost() {
    assertThat(
        MdsIO.sequences(100, Set.of(), STANDARD).properties().get(ShardSink.NOT_KEPT),
        equalTo("document ends, labels, mask"));
    assertThat(
        MdsIO.sequences(100, Set.of("labels"), STANDARD).properties().get(ShardSink.NOT_KEPT),
        equalTo("document ends, mask"));
    assertThat(
        MdsIO.documents(100, STANDARD).properties().containsKey(ShardSink.NOT_KEPT),
        equalTo(false));
  }

  @ParameterizedTest
  @CsvSource({"65536, uint16", "65537, uint32"})
  void takesTheNarrowestTypeForTheVocabulary(int vocabularySize, String dtype) throws IOException {
    MdsFolder written =
        MdsFolder.write(
            folder,
            MdsIO.documents(vocabularySize, STANDARD),
            List.of(document("a", vocabularySize - 1)));

    StoredSample sample = written.samples().get(0);
    assertThat(sample.columns(), equalTo(List.of(new Column("tokens", "ndarray:" + dtype))));
    assertThat(sample.ids("tokens", ""), equalTo(TokenIds.of(vocabularySize - 1)));
  }

  @Test
  void writesRowsWithDocumentsThatHaveNoTokens() throws IOException {
    ShardSink<TokenRow> sink =
        MdsIO.rows(
            Integer.MAX_VALUE,
            DType.INT64,
            Set.of(Column.DOCUMENTS_ENDED, Column.DOCUMENTS_BEFORE),
            STANDARD);

    MdsFolder written = MdsFolder.write(folder, sink, List.of(TokenRow.of(document("a", 1))));

    StoredSample sample = written.samples().get(0);
    assertThat(sample.value(sample.index(Column.DOCUMENTS_ENDED).orElseThrow()), equalTo(1L));
    assertThat(sample.value(sample.index(Column.DOCUMENTS_BEFORE).orElseThrow()), equalTo(0L));
    assertThat(sample.columns().get(2).type(), equalTo("ndarray:int64"));
  }

  private <T> void assertRefused(ShardSink<T> sink, T sample, String... problems)
      throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<T> writer = sink.open(scratch, 1)) {
      Exception e = assertThrows(Exception.class, () -> writer.write(sample));
      for (String problem : problems) {
        assertThat(e.getMessage(), containsString(problem));
      }
    }
  }

  @Test
  void refusesWhatCannotBeStored() throws IOException {
    assertRefused(
        MdsIO.documents(100, STANDARD), document("a.jsonl:7"), "a.jsonl:7: column tokens", "[0]");
    assertRefused(MdsIO.documents(100, STANDARD), document("b", 100), "b: token id 100");
    assertRefused(
        MdsIO.columns(List.of(column("a", "str", i -> null)), STANDARD),
        1,
        "sample 0: column a str: expected a value, got none");
    assertRefused(
        MdsIO.columns(List.of(column("a", "int32", i -> new byte[5])), STANDARD),
        1,
        "expected 4 bytes, got 5");
    assertRefused(
        MdsIO.columns(
            List.of(column("a", "ndarray:int32", i -> NdArray.of(DType.INT64, TokenIds.of(1)))),
            STANDARD),
        1,
        "expected an array of int32, got int64");
    assertRefused(
        MdsIO.copy(List.of(new Column("b", "str")), STANDARD),
        new StoredValues(List.of(new Column("a", "str")), List.of("x")),
        "expected a column b str, got [a str]");
  }

  @Test
  void refusesColumnsAndSettingsThatAreNone() {
    assertThrows(IllegalArgumentException.class, () -> column("a", "text", i -> i));
    assertThrows(IllegalArgumentException.class, () -> MdsIO.columns(List.of(), STANDARD));
    MdsColumn<Integer> twice = column("a", "int", i -> i);
    assertThrows(
        IllegalArgumentException.class, () -> MdsIO.columns(List.of(twice, twice), STANDARD));
    assertThrows(
        IllegalArgumentException.class, () -> MdsIO.sequences(9, Set.of("ends"), STANDARD));
    assertThrows(IllegalArgumentException.class, () -> STANDARD.withCompression("lzma"));
    assertThrows(IllegalArgumentException.class, () -> STANDARD.withHashes(List.of("crc32")));
    assertThrows(IllegalArgumentException.class, () -> STANDARD.withSizeLimit(1L << 32));
    assertThrows(IllegalArgumentException.class, () -> STANDARD.withSamplesPerShard(-1));
    assertThat(
        STANDARD.withHashes(List.of("sha1", "md5", "sha1")).hashes(),
        equalTo(List.of("md5", "sha1")));
  }

  @Test
  void keepsBytesAsTheyAreInAnyColumn() throws IOException {
    ShardSink<Integer> sink =
        MdsIO.columns(
            List.of(
                column("a", "int16", i -> new byte[] {1, 2}),
                column("b", "json", i -> ByteBuffer.wrap(new byte[] {'{', '}'})),
                column("c", "png", i -> new byte[] {9})),
            STANDARD);

    StoredSample sample = MdsFolder.write(folder, sink, numbers(1)).samples().get(0);

    assertThat(sample.value(0), equalTo(513L));
    assertThat(sample.value(1), equalTo("{}"));
    assertThat(sample.value(2), equalTo(new byte[] {9}));
  }

  private List<Integer> samplesOfShards(MdsFolder written) throws IOException {
    List<Integer> counts = new ArrayList<>();
    for (byte[] shard : new TreeMap<>(written.files()).values()) {
      if (shard[0] != '{') {
        counts.add(ByteBuffer.wrap(shard).order(ByteOrder.LITTLE_ENDIAN).getInt());
      }
    }
    return counts;
  }

  /** The config takes 179 bytes, an empty shard 187, a sample its length and 8. */
  @ParameterizedTest
  @CsvSource({
    "1000, 0, 100:100:100:100:100:100:100:100, 7:1",
    "1000, 0, 5000:10, 1:1",
    "1000, 0, 10:5000:5000:10, 1:1:1:1",
    "0, 0, 100:5000:100, 3",
    "0, 2, 1:1:1:1:1, 2:2:1",
    "1000, 2, 600:600:1:1:1, 1:2:2"
  })
  void cutsShards(long limit, long samplesPerShard, String lengths, String expected)
      throws IOException {
    List<byte[]> samples =
        Arrays.stream(lengths.split(":")).map(n -> new byte[Integer.parseInt(n)]).toList();
    MdsSettings settings = STANDARD.withSizeLimit(limit).withSamplesPerShard(samplesPerShard);

    MdsFolder written =
        MdsFolder.write(
            folder, MdsIO.columns(List.of(column("a", "bytes", b -> b)), settings), samples);

    String counts = String.join(":", samplesOfShards(written).stream().map(n -> "" + n).toList());
    assertThat(counts, equalTo(expected));
    assertThat(written.check(), empty());
    assertThat(written.samples(), hasSize(samples.size()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "zstd"})
  void numbersShardsOverAllShardsOfADataset(String compression) throws IOException {
    ShardSink<Integer> sink =
        MdsIO.columns(
            List.of(column("a", "int", i -> i)),
            STANDARD.withSamplesPerShard(2).withCompression(compression));

    MdsFolder written =
        MdsFolder.write(folder, sink, List.of(0, 1, 2), List.of(3), List.of(4, 5, 6));

    String end = compression.equals("none") ? ".mds" : ".mds.zstd";
    assertThat(
        written.files().keySet(),
        equalTo(
            Set.of(
                "index.json",
                "shard.00000" + end,
                "shard.00001" + end,
                "shard.00002" + end,
                "shard.00003" + end,
                "shard.00004" + end)));
    List<Object> values = new ArrayList<>();
    for (StoredSample sample : written.samples()) {
      values.add(sample.value(0));
    }
    assertThat(values, equalTo(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L)));
  }

  @Test
  void writesAnIndexOfNothing() {
    ShardSink<TokenizedDocument> sink = MdsIO.documents(10, STANDARD);

    assertThat(
        new String(sink.index(List.of()).get("index.json"), StandardCharsets.UTF_8),
        equalTo("{\"shards\": [], \"version\": 2}"));
  }

  @Test
  void readsFromAnySample() throws IOException {
    ShardSink<Integer> sink =
        MdsIO.columns(
            List.of(column("tokens", "ndarray:int32", i -> TokenIds.of(new int[i + 1]))), STANDARD);
    MdsFolder.write(folder, sink, numbers(10));
    List<StoredFile> shard =
        List.of(StoredShards.file(folder.resolve("shard.00000.mds"), "shard.00000.mds"));

    for (int from = 0; from <= 10; from++) {
      List<TokenIds> tokens = StoredShards.tokens(MdsIO.format(), shard, from);

      assertThat(tokens, hasSize(10 - from));
      assertThat(
          tokens.stream().map(TokenIds::length).toList(),
          equalTo(IntStream.rangeClosed(from + 1, 10).boxed().toList()));
    }
  }

  @Test
  void copiesFromOtherFormats() throws IOException {
    List<Column> columns = List.of(new Column("id", "int"), new Column("text", "str"));
    StoredSample other = new StoredValues(columns, List.of(5L, "five"));

    MdsFolder copy = MdsFolder.write(folder, MdsIO.copy(columns, STANDARD), List.of(other));

    StoredSample sample = copy.samples().get(0);
    assertThat(List.of(sample.value(0), sample.value(1)), equalTo(List.of(5L, "five")));
  }

  @Test
  void countsTheTokensThatItCopies() throws IOException {
    List<Column> columns = List.of(new Column("a", "str"), new Column("input_ids", "pkl"));
    NdArray ids = NdArray.of(DType.INT64, TokenIds.of(1, 2, 3));
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<StoredSample> writer = MdsIO.copy(columns, STANDARD).open(scratch, 1)) {
      writer.write(new StoredValues(columns, List.of("x", ids)));

      assertThat(writer.counts(), equalTo(new TreeMap<>(Map.of("tokens", 3L))));
    }
  }

  @Test
  void saysHowAShardIsMade() throws IOException {
    MdsSettings settings =
        STANDARD.withCompression("gz:1").withHashes(List.of("md5", "sha1")).withSizeLimit(99);
    MdsFolder.write(folder, MdsIO.documents(9, settings), List.of(document("a", 1)));
    StoredFile shard =
        StoredShards.file(folder.resolve("shard.00000.mds.gz"), "shard.00000.mds.gz");

    try (ShardReader reader = MdsIO.format().open(List.of(shard))) {
      assertThat(
          reader.properties(),
          equalTo(
              new TreeMap<>(
                  Map.of("compression", "gz:1", "hashes", "md5, sha1", "size limit", "99 bytes"))));
    }
  }

  @Test
  void sinksCanBeSentToWorkers() {
    SerializableUtils.ensureSerializable(
        MdsIO.sequences(10, Set.of("mask"), STANDARD.withHashes(List.of("md5"))));
    SerializableUtils.ensureSerializable(MdsIO.copy(List.of(new Column("a", "str")), STANDARD));
  }
}
