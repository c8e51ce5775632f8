package org.millrace.io.npy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.io.column.DType;
import org.millrace.io.column.TokenRow;
import org.millrace.io.python.Python;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.hash.StableHash;

/** Both layouts in every type, of any shape, as numpy and our own reader see them. */
class NpyTypesTest {

  private static final int UNKNOWN = Integer.MAX_VALUE;
  private static final long SEED = 20;

  /** Prints for each file dtype, shape, and the SHA-256 of its values as int64. */
  private static final String LOAD =
      """
      import hashlib, sys, numpy
      for path in sys.argv[1:]:
          array = numpy.load(path, mmap_mode="r" if "/big" in path else None)
          values = hashlib.sha256(array.astype("<i8").tobytes()).hexdigest()
          print(array.dtype, array.shape, values)
      """;

  @TempDir private Path folder;

  static Stream<DType> types() {
    return Arrays.stream(DType.values()).filter(DType::isInteger);
  }

  private static TokenRow row(String id, int... ids) {
    return TokenRow.of(
        new TokenizedDocument(
            OrderKey.natural(0, 1, 0), id, "web", ids.length, TokenIds.wrap(ids)));
  }

  /** Ids that the type holds, the largest among them. */
  private static TokenRow row(Random random, DType dtype, int length) {
    int[] ids = new int[length];
    int bits = 8 * dtype.bytes() - (dtype.label().startsWith("u") ? 0 : 1);
    int max = bits >= 31 ? Integer.MAX_VALUE : (1 << bits) - 1;
    Arrays.setAll(ids, i -> i == length / 2 ? max : random.nextInt() & max);
    return row("d:" + length, ids);
  }

  private Path write(String name, ShardSink<TokenRow> sink, List<TokenRow> rows)
      throws IOException {
    Path path = folder.resolve(name);
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<TokenRow> writer = sink.open(scratch, rows.size())) {
      for (TokenRow row : rows) {
        writer.write(row);
      }
      Files.copy(writer.finish().get(0).path(), path);
    }
    return path;
  }

  private static void assertReadBack(Path path, List<TokenRow> rows, String what)
      throws IOException {
    List<StoredFile> files = List.of(StoredShards.file(path, "a.npy"));
    List<TokenIds> tokens = rows.stream().map(TokenRow::tokens).toList();
    List<Finding> findings = new ArrayList<>();

    assertThat(
        what,
        StoredShards.check(NpyIO.format(), files, Long.MAX_VALUE, findings::add),
        equalTo(new ShardReader.Contents(rows.size(), StoredShards.digest(tokens))));
    assertThat(what, findings, empty());
    assertThat(what, StoredShards.tokens(NpyIO.format(), files, 0), equalTo(tokens));
  }

  private static String sha256(IntStream values) {
    int[] numbers = values.toArray();
    ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    IntStream.of(numbers).forEach(bytes::putLong);
    return HexFormat.of().formatHex(StableHash.sha256().digest(bytes.array()));
  }

  private static IntStream ids(List<TokenRow> rows) {
    return rows.stream().flatMapToInt(row -> IntStream.of(row.tokens().toArray()));
  }

  private static void assertNumpyReads(List<Path> paths, List<String> expected) throws Exception {
    String printed = Python.orSkip("numpy").run(LOAD, paths.toArray());

    assertThat("seed " + SEED, printed.lines().toList(), equalTo(expected));
  }

  @Test
  void sequencesOfEveryTypeAndShape() throws Exception {
    Random random = new Random(SEED);
    List<Path> paths = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (DType dtype : types().toList()) {
      for (int length : new int[] {1, 2 + random.nextInt(300), 65_535, 65_536}) {
        int samples = length > 1000 ? 3 : 1 + random.nextInt(200);
        List<TokenRow> rows =
            IntStream.range(0, samples).mapToObj(i -> row(random, dtype, length)).toList();
        String name = (length > 1000 ? "big-" : "") + dtype.label() + "-" + length + ".npy";
        Path path = write(name, NpyIO.sequenceRows(length, UNKNOWN, dtype), rows);
        assertReadBack(path, rows, "seed " + SEED + ", " + name);
        paths.add(path);
        expected.add(dtype.label() + " (" + samples + ", " + length + ") " + sha256(ids(rows)));
      }
    }
    assertNumpyReads(paths, expected);
  }

  @Test
  void documentsOfEveryTypeAndLength() throws Exception {
    Random random = new Random(SEED);
    List<Path> paths = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (DType dtype : types().toList()) {
      List<Integer> lengths = new ArrayList<>(List.of(0, 1, 65_535, 65_536, 0, 100, 127, 3));
      random.ints(1 + random.nextInt(100), 0, 128).forEach(lengths::add);
      lengths.removeIf(length -> !dtype.holds(length));
      List<TokenRow> rows = lengths.stream().map(length -> row(random, dtype, length)).toList();
      Path path = write(dtype.label() + ".npy", NpyIO.documentRows(UNKNOWN, dtype), rows);
      assertReadBack(path, rows, "seed " + SEED + ", " + dtype);
      paths.add(path);
      int tokens = lengths.stream().mapToInt(n -> n).sum();
      IntStream head =
          IntStream.concat(IntStream.of(rows.size()), lengths.stream().mapToInt(Integer::intValue));
      expected.add(
          dtype.label()
              + " ("
              + (1 + rows.size() + tokens)
              + ",) "
              + sha256(IntStream.concat(head, ids(rows))));
    }
    assertNumpyReads(paths, expected);
  }

  /** More documents than the writer makes room for at first. */
  @Test
  void manyDocuments() throws IOException {
    List<TokenRow> rows = IntStream.range(0, 5_000).mapToObj(i -> row("d:" + i, i)).toList();

    assertReadBack(write("many.npy", NpyIO.documentRows(5_000, DType.INT32), rows), rows, "many");
  }

  @ParameterizedTest
  @MethodSource("types")
  void documentsWithoutTokens(DType dtype) throws IOException {
    List<TokenRow> rows = List.of(row("d:0"), row("d:1"));

    Path path = write(dtype.label() + ".npy", NpyIO.documentRows(10, dtype), rows);

    assertReadBack(path, rows, dtype.label());
    assertThat(Files.size(path), equalTo(128L + 3 * dtype.bytes()));
  }

  /** The worked example of CEPE's layout: 192 bytes in int64. */
  @Test
  void documentsAsCepeHasThem() throws IOException {
    List<TokenRow> rows = List.of(row("d:0", 1, 5, 2), row("d:1", 1, 2));

    Path path = write("cepe.npy", NpyIO.documentRows(UNKNOWN, DType.INT64), rows);

    String hex = HexFormat.of().formatHex(Files.readAllBytes(path));
    assertThat(hex.length(), equalTo(2 * 192));
    assertThat(
        hex.substring(256).replaceAll("(..)(00){7}", "$1 "), equalTo("02 03 02 01 05 02 01 02 "));
  }

  @Test
  void refusesADocumentThatIsTooLongForTheType() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                write(
                    "long.npy",
                    NpyIO.documentRows(UNKNOWN, DType.UINT16),
                    List.of(row("web/a.jsonl:7", new int[65_536]))));

    assertThat(
        e.getMessage(),
        equalTo(
            "web/a.jsonl:7: its length of 65536 tokens does not fit dtype uint16; choose a wider"
                + " type for npy"));
  }

  @Test
  void refusesMoreDocumentsThanTheTypeCounts() {
    List<TokenRow> rows = IntStream.range(0, 256).mapToObj(i -> row("d:" + i, 1)).toList();

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> write("many.npy", NpyIO.documentRows(UNKNOWN, DType.UINT8), rows));

    assertThat(
        e.getMessage(),
        equalTo(
            "256 documents in a shard do not fit dtype uint8; raise output.num_shards, or choose a"
                + " wider type for npy"));
  }

  @Test
  void refusesAnIdOfAnUnknownVocabularyThatDoesNotFit() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                write(
                    "wide.npy",
                    NpyIO.sequenceRows(2, UNKNOWN, DType.UINT16),
                    List.of(row("s:3", 1, 65_536))));

    assertThat(e.getMessage(), equalTo("s:3: token id 65536 does not fit: dtype uint16"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UINT16  | 65537 | dtype uint16 does not hold all ids of a vocabulary of 65537; choose a wider one, as int32
          INT16   | 50257 | dtype int16 does not hold all ids of a vocabulary of 50257; choose a wider one, as uint16
          FLOAT32 | 10    | dtype must be one of whole numbers for token ids, was float32
          INT32   | 0     | vocabularySize must be 1 or more, was 0
          """)
  void refusesATypeThatDoesNotHoldTheVocabulary(DType dtype, int vocabularySize, String problem) {
    for (boolean packed : new boolean[] {true, false}) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> {
                if (packed) {
                  NpyIO.sequences(4, vocabularySize, dtype);
                } else {
                  NpyIO.documents(vocabularySize, dtype);
                }
              });

      assertThat(e.getMessage(), equalTo(problem));
    }
  }

  @Test
  void theManifestNamesTheType() {
    assertThat(
        NpyIO.sequences(4, 10, DType.INT64).properties(),
        equalTo(
            java.util.Map.of(
                "dtype",
                "int64",
                "layout",
                "[samples, 4]",
                "not_kept",
                "document ends, labels, mask")));
    assertThat(
        NpyIO.documents(10, DType.UINT16).properties(),
        equalTo(java.util.Map.of("dtype", "uint16", "layout", "[n][lengths][tokens]")));
  }
}
