package org.millrace.io.document;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetReaderTest {

  private static final MessageType TEXTS =
      MessageTypeParser.parseMessageType(
          "message m { optional binary text (STRING); required int64 n; }");

  @TempDir Path folder;

  private Path write(CompressionCodecName codec, List<Group> rows, MessageType schema)
      throws IOException {
    Path file = folder.resolve("a.parquet");
    Files.deleteIfExists(file);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCompressionCodec(codec)
            .withRowGroupSize(2000L)
            .withPageSize(200)
            .withDictionaryEncoding(false)
            .build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    }
    return file;
  }

  private static List<Group> rows(int count) {
    SimpleGroupFactory factory = new SimpleGroupFactory(TEXTS);
    return LongStream.range(0, count)
        .mapToObj(n -> factory.newGroup().append("text", "row " + n * n * 7919).append("n", n))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionCodecName.class,
      names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
  void readsAllCodecs(CompressionCodecName codec) throws IOException {
    Path file = write(codec, rows(1000), TEXTS);

    ReadRecords records = ReadRecords.of(file);

    assertThat(records.bad, equalTo(List.of()));
    assertThat(records.offsets(), equalTo(LongStream.range(0, 1000).boxed().toList()));
    assertThat(
        records.documents.get(999),
        equalTo(new RawDocument(999, "", "row " + 999 * 999 * 7919L, "{\"n\":999}")));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 100, 1000, 5000})
  void splitSizeChangesNothing(long splitBytes) throws IOException {
    Path file = write(CompressionCodecName.SNAPPY, rows(1000), TEXTS);
    ReadRecords whole = ReadRecords.of(file);

    ReadRecords split = ReadRecords.of(file, ReadRecords.DEFAULTS, splitBytes);

    assertThat(split.documents, equalTo(whole.documents));
    assertThat(split.documents.size(), equalTo(1000));
  }

  @Test
  void aDamagedRowGroupIsOneBadRecordAndTheOthersAreRead() throws IOException {
    Path file = write(CompressionCodecName.GZIP, rows(1000), TEXTS);
    byte[] bytes = Files.readAllBytes(file);
    // Somewhere in the second tenth of the file, so not in the first row group nor the last one.
    Arrays.fill(bytes, bytes.length / 6, bytes.length / 6 + 40, (byte) 0x55);
    Files.write(file, bytes);

    ReadRecords records = ReadRecords.of(file);
    ReadRecords split = ReadRecords.of(file, ReadRecords.DEFAULTS, 777);

    assertThat(records.bad.size(), equalTo(1));
    assertThat(records.bad.get(0).kind(), equalTo("DamagedFile"));
    assertThat(records.offsets().contains(records.bad.get(0).offset()), equalTo(false));
    assertThat(records.offsets().get(0), equalTo(0L));
    assertThat(records.offsets().contains(999L), equalTo(true));
    assertThat(split.bad, equalTo(records.bad));
    assertThat(split.documents, equalTo(records.documents));
  }

  @Test
  void aCutFileIsOneBadRecordWhereverItIsCut() throws IOException {
    byte[] bytes = Files.readAllBytes(write(CompressionCodecName.SNAPPY, rows(100), TEXTS));
    Path cut = folder.resolve("cut.parquet");

    for (int size = 0; size < bytes.length; size += 13) {
      Files.write(cut, Arrays.copyOf(bytes, size));
      ReadRecords records = ReadRecords.of(cut, ReadRecords.DEFAULTS, 100);

      assertThat("cut at " + size, records.badKinds(), equalTo(List.of("0 DamagedFile")));
      assertThat("cut at " + size, records.documents, equalTo(List.of()));
    }
  }

  @Test
  void flippedBytesNeverFailTheReader() throws IOException {
    byte[] bytes = Files.readAllBytes(write(CompressionCodecName.SNAPPY, rows(50), TEXTS));
    Path flipped = folder.resolve("flipped.parquet");

    for (int i = 0; i < bytes.length; i += 3) {
      byte[] copy = bytes.clone();
      copy[i] ^= 0x04;
      Files.write(flipped, copy);
      ReadRecords records = ReadRecords.of(flipped);

      assertThat(records.documents.size() + records.bad.size() > 0, equalTo(true));
    }
  }

  @Test
  void makesCanonicalJsonOfEveryType() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            """
            message m {
              required binary text (STRING);
              required boolean flag;
              required int32 i;
              required int64 big (INTEGER(64,false));
              required double d;
              required double nan;
              required float f;
              required binary raw;
              required binary utf8;
              required int32 price (DECIMAL(9,2));
              required int32 day (DATE);
              required int64 at (TIMESTAMP(MICROS,true));
              required int64 local (TIMESTAMP(MILLIS,false));
              required int32 clock (TIME(MILLIS,true));
              optional binary none (STRING);
              optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
              optional group old (LIST) { repeated int32 array; }
              optional group map (MAP) {
                repeated group key_value { required binary key (STRING); optional int32 value; }
              }
              required group s { required int32 z; required int32 a; }
              repeated int32 r;
            }
            """);
    Group row = new SimpleGroupFactory(schema).newGroup();
    row.append("text", "t").append("flag", true).append("i", -5).append("big", -1L);
    row.append("d", 0.1).append("nan", Double.NaN).append("f", 2e-3f);
    row.append("raw", Binary.fromConstantByteArray(new byte[] {(byte) 0xFF, 0}));
    row.append("utf8", "ü").append("price", -1234).append("day", 19358);
    row.append("at", 1_700_000_000_123_456L).append("local", -1L).append("clock", 3_600_000);
    Group tags = row.addGroup("tags");
    tags.addGroup("list").append("element", "x");
    tags.addGroup("list");
    row.addGroup("old").append("array", 1).append("array", 2);
    Group map = row.addGroup("map");
    map.addGroup("key_value").append("key", "b").append("value", 1);
    map.addGroup("key_value").append("key", "a");
    row.addGroup("s").append("z", 1).append("a", 2);
    row.append("r", 7).append("r", 8);

    ReadRecords records =
        ReadRecords.of(write(CompressionCodecName.UNCOMPRESSED, List.of(row), schema));

    assertThat(
        records.documents.get(0).meta(),
        equalTo(
            "{\"at\":\"2023-11-14T22:13:20.123456Z\",\"big\":18446744073709551615,"
                + "\"clock\":\"01:00\",\"d\":0.1,\"day\":\"2023-01-01\",\"f\":0.002,\"flag\":true,"
                + "\"i\":-5,\"local\":\"1969-12-31T23:59:59.999\",\"map\":{\"a\":null,\"b\":1},"
                + "\"nan\":null,\"none\":null,\"old\":[1,2],\"price\":-12.34,\"r\":[7,8],"
                + "\"raw\":\"/wA=\",\"s\":{\"a\":2,\"z\":1},\"tags\":[\"x\",null],"
                + "\"utf8\":\"ü\"}"));
  }

  @Test
  void refusesTextsThatAreNoStrings() throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message m { required int64 text; }");
    Group row = new SimpleGroupFactory(schema).newGroup().append("text", 1L);
    MessageType invalid =
        MessageTypeParser.parseMessageType("message m { required binary text (STRING); }");
    Group bytes =
        new SimpleGroupFactory(invalid)
            .newGroup()
            .append("text", Binary.fromConstantByteArray(new byte[] {'a', (byte) 0xFF}));

    ReadRecords numbers =
        ReadRecords.of(write(CompressionCodecName.SNAPPY, List.of(row, row), schema));
    ReadRecords missing =
        ReadRecords.of(
            write(CompressionCodecName.SNAPPY, rows(2), TEXTS),
            new ReadSettings(
                DocumentFields.defaults().withText("body"),
                DocumentFormat.AUTO,
                InvalidText.REJECT,
                1000),
            1 << 20);
    ReadRecords notUtf8 =
        ReadRecords.of(write(CompressionCodecName.SNAPPY, List.of(bytes), invalid));

    assertThat(numbers.badKinds(), equalTo(List.of("0 MissingText", "1 MissingText")));
    assertThat(missing.bad.get(1).message(), equalTo("no column named body"));
    assertThat(notUtf8.badKinds(), equalTo(List.of("0 InvalidText")));
  }

  @Test
  void idsMayComeFromAColumn() throws IOException {
    Path file = write(CompressionCodecName.SNAPPY, rows(2), TEXTS);
    ReadSettings settings =
        new ReadSettings(
            DocumentFields.defaults().withId("n").withoutMeta(),
            DocumentFormat.AUTO,
            InvalidText.REJECT,
            1000);

    ReadRecords records = ReadRecords.of(file, settings, 1 << 20);

    assertThat(records.documents.get(1), equalTo(new RawDocument(1, "1", "row 7919", "{}")));
  }

  @Test
  void saysThatItNeedsRandomAccess() throws IOException {
    byte[] bytes = Files.readAllBytes(write(CompressionCodecName.SNAPPY, rows(2), TEXTS));

    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> ReadRecords.of("a.parquet", bytes));

    assertThat(e.getMessage(), containsString("Parquet needs random access"));
  }

  @Test
  void readsFilesOfAnotherWriter() {
    Path parquet = SharedData.path("parquet");
    ReadRecords snappy = ReadRecords.of(parquet.resolve("wiki-snappy.parquet"));
    ReadRecords zstd = ReadRecords.of(parquet.resolve("wiki-zstd.parquet"));
    ReadRecords gzip = ReadRecords.of(parquet.resolve("wiki-gzip-struct-meta.parquet"));
    ReadRecords nulls = ReadRecords.of(parquet.resolve("nulls.parquet"));
    ReadRecords jsonl =
        ReadRecords.of(SharedData.path("redpajama").resolve("wikipedia/wikipedia_sample.jsonl"));

    List<Integer> rows =
        Stream.of(snappy, zstd, gzip)
            .flatMap(records -> records.texts().stream())
            .map(jsonl.texts()::indexOf)
            .toList();
    assertThat(rows.size(), equalTo(24 + 20 + 20));
    assertThat(rows, equalTo(rows.stream().filter(row -> row >= 0).sorted().distinct().toList()));
    assertThat(gzip.documents.size(), equalTo(20));
    assertThat(
        gzip.documents.get(0).meta(), equalTo("{\"meta\":{\"lang\":\"en\",\"title\":\"Acid\"}}"));
    assertThat(nulls.texts(), equalTo(List.of("one", "", "three")));
    assertThat(nulls.badKinds(), equalTo(List.of("1 MissingText")));
    assertThat(
        ReadRecords.of(parquet.resolve("wiki-snappy.parquet"), ReadRecords.DEFAULTS, 1000)
            .documents,
        equalTo(snappy.documents));
  }
}
