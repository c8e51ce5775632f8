package org.millrace.io.mds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.millrace.io.stored.ReferenceFiles.stream;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.stored.StoredSample;
import org.millrace.transforms.data.Half;
import org.millrace.transforms.data.TokenIds;

/** Writes what the real writer wrote, byte for byte where the format leaves no freedom. */
class GoldenMdsTest {

  private static final MdsSettings STANDARD = MdsSettings.standard();

  @TempDir private Path folder;

  private static MdsColumn<Integer> column(
      String name, String type, SerializableFunction<Integer, Object> value) {
    return new MdsColumn<>(new Column(name, type), value);
  }

  private static TokenIds ids(long seed, int n, int mod) {
    return TokenIds.of(stream(seed, n, mod));
  }

  private static NdArray array(DType dtype, List<Integer> shape, int[] values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      switch (dtype) {
        case UINT8, INT8 -> data.put((byte) value);
        case UINT16, INT16 -> data.putShort((short) value);
        case UINT32, INT32 -> data.putInt(value);
        case UINT64, INT64 -> data.putLong(value);
        case FLOAT16 -> data.putShort(Half.of(value));
        case FLOAT32 -> data.putFloat(value);
        case FLOAT64 -> data.putDouble(value);
      }
    }
    return new NdArray(dtype, shape, data.flip());
  }

  private MdsFolder write(int samples, MdsSettings settings, List<MdsColumn<Integer>> columns)
      throws IOException {
    List<Integer> numbers = IntStream.range(0, samples).boxed().toList();
    return MdsFolder.write(folder.resolve("mds"), MdsIO.columns(columns, settings), numbers);
  }

  private static List<MdsColumn<Integer>> variable() {
    return List.of(
        column("tokens", "ndarray:uint32", i -> ids(200 + i, 1 + 7 * i % 300, 100_000)),
        column("domain", "str", i -> List.of("arxiv", "wiki", "日本").get(i % 3)),
        column("id", "int32", i -> i));
  }

  private static List<MdsColumn<Integer>> scalars() {
    List<MdsColumn<Integer>> columns = new ArrayList<>();
    columns.add(column("b", "bytes", i -> new byte[] {0, (byte) 255, (byte) (int) i}));
    columns.add(column("s", "str", i -> "é" + i));
    columns.add(column("i", "int", i -> i - 1));
    columns.add(column("u8", "uint8", i -> i));
    columns.add(column("u16", "uint16", i -> 1000 * i));
    columns.add(column("u32", "uint32", i -> 1_000_000 * i));
    columns.add(column("u64", "uint64", i -> 1_000_000_000_000L * i));
    columns.add(column("i8", "int8", i -> -i));
    columns.add(column("i16", "int16", i -> -100 * i));
    columns.add(column("i32", "int32", i -> -1_000_000 * i));
    columns.add(column("i64", "int64", i -> -1_000_000_000_000L * i));
    for (String bits : List.of("16", "32", "64")) {
      columns.add(column("f" + bits, "float" + bits, i -> i / 3.0));
    }
    columns.add(column("j", "json", GoldenMdsTest::json));
    columns.add(
        column("si", "str_int", i -> BigInteger.TEN.pow(20).multiply(BigInteger.valueOf(i))));
    columns.add(column("sf", "str_float", i -> i / 3.0));
    return columns;
  }

  private static Map<String, Object> json(int i) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("k", Arrays.asList(i, null, "ü"));
    json.put("a", 1.5);
    return json;
  }

  private static void assertSameFiles(MdsFolder got, MdsFolder golden) throws IOException {
    TreeMap<String, byte[]> expected = golden.files();
    TreeMap<String, byte[]> files = got.files();
    assertThat(files.keySet(), equalTo(expected.keySet()));
    for (String name : expected.keySet()) {
      assertThat(name, files.get(name), equalTo(expected.get(name)));
    }
  }

  @Test
  void writesArraysOfOneShape() throws IOException {
    MdsSettings settings = STANDARD.withSizeLimit(4096).withHashes(List.of("xxh64", "sha1"));

    MdsFolder written =
        write(
            100,
            settings,
            List.of(column("tokens", "ndarray:uint16:64", i -> ids(100 + i, 64, 50257))));

    assertSameFiles(written, MdsFolder.golden("fixed"));
  }

  @ParameterizedTest
  @CsvSource({"none, variable-plain", "br:5, variable-br5", "snappy, variable-snappy"})
  void writesValuesOfAnyLength(String compression, String name) throws IOException {
    MdsSettings settings =
        STANDARD
            .withSizeLimit(8192)
            .withHashes(List.of("sha256", "xxh3_64"))
            .withCompression(compression);

    assertSameFiles(write(60, settings, variable()), MdsFolder.golden(name));
  }

  @Test
  void writesArraysThatSayTheirType() throws IOException {
    List<DType> dtypes =
        List.of(
            DType.UINT8,
            DType.INT8,
            DType.UINT16,
            DType.INT16,
            DType.UINT32,
            DType.INT32,
            DType.UINT64,
            DType.INT64,
            DType.FLOAT32,
            DType.FLOAT64);

    MdsFolder written =
        write(
            10,
            STANDARD,
            List.of(
                column(
                    "a",
                    "ndarray",
                    i -> array(dtypes.get(i), List.of(3, 4), stream(300 + i, 12, 200)))));

    assertSameFiles(written, MdsFolder.golden("dynamic"));
  }

  @Test
  void writesAllScalars() throws IOException {
    assertSameFiles(write(5, STANDARD, scalars()), MdsFolder.golden("scalars"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fixed", "variable-plain", "variable-zstd7", "variable-gz9", "variable-br5",
        "variable-bz29", "variable-snappy", "dynamic", "scalars", "cepe-tokens-pkl",
        "cepe-logits-pkl"
      })
  void findsNothingWrong(String name) throws IOException {
    assertThat(MdsFolder.golden(name).check(100_000), empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "zstd7", "gz9", "br5", "bz29", "snappy"})
  void readsValuesOfAnyLength(String compression) throws IOException {
    List<StoredSample> samples = MdsFolder.golden("variable-" + compression).samples();

    assertThat(samples, hasSize(60));
    for (int i = 0; i < samples.size(); i++) {
      for (MdsColumn<Integer> column : variable()) {
        Object expected = column.value().apply(i);
        StoredSample sample = samples.get(i);
        String name = column.column().name();
        Object got =
            name.equals("tokens")
                ? sample.ids(name, "test")
                : sample.value(sample.index(name).orElseThrow());
        assertThat(String.valueOf(got), equalTo(String.valueOf(expected)));
      }
    }
  }

  @Test
  void readsPickles() throws IOException {
    List<StoredSample> tokens = MdsFolder.golden("cepe-tokens-pkl").samples();
    List<StoredSample> logits = MdsFolder.golden("cepe-logits-pkl").samples();

    assertThat(tokens, hasSize(20));
    for (int i = 0; i < 20; i++) {
      assertThat(tokens.get(i).ids("prev_token_ids", ""), equalTo(ids(400 + i, 40, 32000)));
      assertThat(tokens.get(i).ids("token_ids", ""), equalTo(ids(500 + i, 24, 32000)));
    }
    assertThat(logits, hasSize(6));
    for (int i = 0; i < 6; i++) {
      NdArray expected = array(DType.INT32, List.of(24, 5), stream(700 + i, 120, 32000));
      assertThat(logits.get(i).value(0), equalTo(expected));
      NdArray probabilities = (NdArray) logits.get(i).value(1);
      assertThat(probabilities.dtype(), equalTo(DType.FLOAT16));
      assertThat(probabilities.shape(), equalTo(List.of(24, 6)));
    }
  }

  /** These may compress otherwise, in other versions too; so the zip's size and hashes are free. */
  @ParameterizedTest
  @CsvSource({"gz:9, variable-gz9", "bz2:9, variable-bz29", "zstd:7, variable-zstd7"})
  void writesTheSameBeforeCompression(String compression, String name) throws IOException {
    MdsFolder golden = MdsFolder.golden(name);
    MdsSettings settings =
        STANDARD
            .withSizeLimit(8192)
            .withHashes(List.of("sha256", "xxh3_64"))
            .withCompression(compression);

    MdsFolder written = write(60, settings, variable());

    Function<byte[], String> withoutZip =
        json ->
            new String(json, StandardCharsets.UTF_8)
                .replaceAll("\"zip_data\": [^}]*\\}\\}", "\"zip_data\"");
    assertThat(
        withoutZip.apply(written.bytes("index.json")),
        equalTo(withoutZip.apply(golden.bytes("index.json"))));
    assertThat(written.check(), empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fixed", "variable-plain", "variable-zstd7", "variable-gz9", "variable-br5",
        "variable-bz29", "variable-snappy", "dynamic", "scalars", "cepe-tokens-pkl",
        "cepe-logits-pkl"
      })
  void rebuildsALostIndex(String name) throws IOException {
    MdsFolder golden = MdsFolder.golden(name);
    TreeMap<String, byte[]> files = golden.files();
    byte[] index = files.remove("index.json");
    MdsFolder copy = new MdsFolder(folder);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      copy.replace(file.getKey(), file.getValue());
    }

    byte[] rebuilt = MdsIO.rebuildIndex(copy.stored());

    assertThat(
        new String(rebuilt, StandardCharsets.UTF_8),
        equalTo(new String(index, StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamic", "scalars", "cepe-tokens-pkl", "cepe-logits-pkl"})
  void copiesWithoutDecoding(String name) throws IOException {
    MdsFolder golden = MdsFolder.golden(name);
    List<StoredSample> samples = golden.samples();
    ShardSink<StoredSample> sink = MdsIO.copy(samples.get(0).columns(), STANDARD);

    MdsFolder copy = MdsFolder.write(folder.resolve("copy"), sink, samples);

    assertSameFiles(copy, golden);
  }
}
