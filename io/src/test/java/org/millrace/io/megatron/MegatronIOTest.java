package org.millrace.io.megatron;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.column.TokenRow;
import org.millrace.io.megatron.Pairs.Row;
import org.millrace.io.python.Python;
import org.millrace.io.shard.ShardNaming;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;

class MegatronIOTest {

  /** Reads a pair with nothing but numpy: header, lengths, pointers, document index, ids. */
  private static final String LOAD =
      """
      import sys, struct, numpy
      head = open(sys.argv[1] + ".idx", "rb").read()
      magic, version, code, s, d = struct.unpack("<9sQBQQ", head[:34])
      lengths = numpy.frombuffer(head, "<i4", s, 34)
      pointers = numpy.frombuffer(head, "<i8", s, 34 + 4 * s)
      documents = numpy.frombuffer(head, "<i8", d, 34 + 12 * s)
      dtype = {4: "<i4", 8: "<u2"}[code]
      ids = numpy.memmap(sys.argv[1] + ".bin", mode="r")
      print(magic, version, code, len(head) - 34 - 12 * s - 8 * d)
      print(documents.tolist())
      for length, pointer in zip(lengths, pointers):
          print(numpy.frombuffer(ids, dtype, length, pointer).tolist())
      """;

  @TempDir private Path folder;

  private static TokenizedDocument document(String id, int... ids) {
    return new TokenizedDocument(
        OrderKey.natural(0, 1, 0), id, "web", ids.length, TokenIds.of(ids));
  }

  private static PackedSequence sequence(String id, int content, int... ids) {
    return new PackedSequence(
        OrderKey.natural(0, 1, 0),
        id,
        TokenIds.of(ids),
        List.of(new Piece("web", content, true, true, content)),
        OptionalInt.empty());
  }

  private static List<TokenizedDocument> reference(int vocabulary) {
    int[] lengths = Pairs.stream(800, 50, 90);
    return IntStream.range(0, 50)
        .mapToObj(i -> document("d:" + i, Pairs.stream(900 + i, 1 + lengths[i], vocabulary)))
        .toList();
  }

  private static void assertEqual(Path written, Path expected) throws IOException {
    for (String extension : List.of(".bin", ".idx")) {
      Path file = Pairs.with(expected, extension);
      assertThat(file + "", Files.mismatch(Pairs.with(written, extension), file), equalTo(-1L));
    }
  }

  private static String hex(Path file) throws IOException {
    return HexFormat.of().formatHex(Files.readAllBytes(file));
  }

  @ParameterizedTest
  @CsvSource({"gpt2-uint16, 50257", "big-int32, 200000"})
  void documentsEqualThoseOfTheRealBuilder(String name, int vocabulary) throws IOException {
    Path written =
        Pairs.write(
            MegatronIO.documents(MegatronSettings.of(vocabulary)),
            reference(vocabulary),
            folder.resolve("a"));

    assertEqual(written, Pairs.golden(name));
  }

  @Test
  void sentencesEqualThoseOfTheRealBuilder() throws IOException {
    List<TokenRow> rows = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      for (int j = 0; j <= i % 4; j++) {
        rows.add(Row.of(j == i % 4 ? 1 : 0, Pairs.stream(1000 + 10 * i + j, 3 + j, 30000)));
      }
    }

    MegatronSettings settings = MegatronSettings.of(30000).withDtype("int32");
    Path written = Pairs.write(MegatronIO.rows(settings), rows, folder.resolve("a"));

    assertEqual(written, Pairs.golden("sentences-int32"));
  }

  @Test
  void pairsReadOneAfterAnotherMakeTheMergedPair() throws IOException {
    List<TokenRow> rows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      rows.addAll(Pairs.rows(Pairs.stored(Pairs.golden("gpt2-uint16"))));
    }

    Path written =
        Pairs.write(MegatronIO.rows(MegatronSettings.of(50257)), rows, folder.resolve("a"));

    assertEqual(written, Pairs.golden("merged-uint16"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-uint16", "big-int32", "sentences-int32", "merged-uint16"})
  void rowsOfReferencePairsMakeThemAgain(String name) throws IOException {
    Path golden = Pairs.golden(name);
    List<StoredFile> files = Pairs.stored(golden);
    String dtype = name.substring(name.indexOf('-') + 1);

    List<TokenRow> rows = List.copyOf(Pairs.rows(files));
    MegatronSettings settings = MegatronSettings.of(200000).withDtype(dtype);
    Path written = Pairs.write(MegatronIO.rows(settings), rows, folder.resolve("a"));

    assertThat(Pairs.findings(files, 200000), empty());
    assertEqual(written, golden);
  }

  @Test
  void twoDocumentsAreTheWorkedExample() throws IOException {
    Path written =
        Pairs.write(
            MegatronIO.documents(MegatronSettings.of(50257)),
            List.of(document("a", 31373, 995, 50256), document("b", 258, 50256)),
            folder.resolve("a"));

    assertThat(hex(Pairs.with(written, ".bin")), equalTo("8d7ae30350c4020150c4"));
    assertThat(
        hex(Pairs.with(written, ".idx")),
        equalTo(
            "4d4d49444944580000"
                + "0100000000000000"
                + "08"
                + "0200000000000000"
                + "0300000000000000"
                + "03000000"
                + "02000000"
                + "0000000000000000"
                + "0600000000000000"
                + "0000000000000000"
                + "0100000000000000"
                + "0200000000000000"));
  }

  @Test
  void sentencesAreTheWorkedExample() throws IOException {
    List<TokenRow> rows = List.of(Row.of(0, 1, 2), Row.of(1, 3), Row.of(1, 4, 50256));

    MegatronSettings settings = MegatronSettings.of(50257).withDtype("int32");
    Path written = Pairs.write(MegatronIO.rows(settings), rows, folder.resolve("a"));

    assertThat(
        hex(Pairs.with(written, ".bin")), equalTo("0100000002000000030000000400000050c40000"));
    assertThat(
        hex(Pairs.with(written, ".idx")),
        equalTo(
            "4d4d49444944580000"
                + "0100000000000000"
                + "04"
                + "0300000000000000"
                + "0300000000000000"
                + "02000000"
                + "01000000"
                + "02000000"
                + "0000000000000000"
                + "0800000000000000"
                + "0c00000000000000"
                + "0000000000000000"
                + "0200000000000000"
                + "0300000000000000"));
    assertThat(Pairs.rows(folder), equalTo(rows));
  }

  @Test
  void emptyDocumentsAreKept() throws IOException {
    List<TokenRow> rows =
        List.of(new Row(TokenIds.of(1, 2), 3, 2), Row.of(0, 3), Row.of(1), Row.of(2, 4));

    Path written = Pairs.write(MegatronIO.rows(MegatronSettings.of(10)), rows, folder.resolve("a"));

    byte[] idx = Files.readAllBytes(Pairs.with(written, ".idx"));
    assertThat(
        HexFormat.of().formatHex(idx, 34 + 12 * 4, idx.length),
        equalTo(
            List.of(0, 0, 0, 1, 1, 1, 3, 4, 4).stream()
                .map(n -> String.format("%02x00000000000000", n))
                .reduce("", String::concat)));
    assertThat(Pairs.rows(folder), equalTo(rows));
    assertThat(Pairs.findings(Pairs.stored(written), 10), empty());
  }

  @Test
  void packedSequencesAreOneDocumentEach() throws IOException, InterruptedException {
    ShardSink<PackedSequence> sink = MegatronIO.sequences(MegatronSettings.of(50257));

    Path written =
        Pairs.write(
            sink,
            List.of(sequence("0/0", 4, 1, 2, 3, 50256), sequence("0/1", 2, 65, 50256, 0, 0)),
            folder.resolve("a"));

    assertThat(
        Python.orSkip("numpy").run(LOAD, written),
        equalTo(
            """
            b'MMIDIDX\\x00\\x00' 1 8 0
            [0, 1, 2]
            [1, 2, 3, 50256]
            [65, 50256, 0, 0]
            """));
    assertThat(
        sink.properties(),
        equalTo(
            Map.of(
                "dtype",
                "uint16",
                "layout",
                "one packed sequence a document",
                "not_kept",
                "document ends, labels, mask")));
  }

  @Test
  void numpyReadsLargeIds() throws IOException, InterruptedException {
    Path written =
        Pairs.write(
            MegatronIO.documents(MegatronSettings.of(Integer.MAX_VALUE)),
            List.of(document("a", 65536, 2147483646), document("b", 0)),
            folder.resolve("a"));

    assertThat(
        Python.orSkip("numpy").run(LOAD, written),
        equalTo(
            """
            b'MMIDIDX\\x00\\x00' 1 4 0
            [0, 1, 2]
            [65536, 2147483646]
            [0]
            """));
  }

  @Test
  void countsTokensAndPadding() throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<PackedSequence> writer =
            MegatronIO.sequences(MegatronSettings.of(10)).open(scratch, 2)) {
      writer.write(sequence("0/0", 3, 1, 2, 3));
      writer.write(sequence("0/1", 1, 1, 0, 0));

      assertThat(writer.counts(), equalTo(Map.of("tokens", 4L, "padding", 2L)));
    }
  }

  @Test
  void documentsLoseNothing() {
    assertThat(
        MegatronIO.documents(MegatronSettings.of(10)).properties(),
        not(hasKey(ShardSink.NOT_KEPT)));
  }

  @Test
  void namesSayPrefixShardAndKey() {
    ShardNaming naming =
        MegatronIO.documents(MegatronSettings.of(10).withPrefix("c4").withKey("content")).naming();

    assertThat(
        naming.fileName(new ShardNaming.Place(7, Optional.empty(), 0, 3, ".idx")),
        equalTo("c4-00007_content_document.idx"));
    assertThat(
        naming.fileName(new ShardNaming.Place(7, Optional.of("web/a"), 0, 3, ".bin.001")),
        equalTo("web/a_content_document.bin.001"));
  }

  @ParameterizedTest
  @CsvSource({
    "uint8,  256,   255",
    "int8,   128,   127",
    "uint16, 65536, 65535",
    "int16,  32768, 32767",
    "int32,  70000, 69999",
    "int64,  70000, 69999"
  })
  void rowsOfEveryTypeAreReadBack(String dtype, int vocabulary, int largest) throws IOException {
    List<TokenRow> rows = List.of(Row.of(1, 0, largest), Row.of(1, 1));

    MegatronSettings settings = MegatronSettings.of(vocabulary == 65536 ? 1 << 20 : vocabulary);
    Pairs.write(MegatronIO.rows(settings.withDtype(dtype)), rows, folder.resolve("a"));

    assertThat(Pairs.rows(folder), equalTo(rows));
    List<StoredFile> files = Pairs.stored(folder.resolve("a"));
    assertThat(Pairs.findings(files, vocabulary), empty());
    assertThat(
        Pairs.findings(files, largest),
        equalTo(
            List.of(
                String.format(
                    "a.bin: offset %d: id in sequence 0: expected 0..%d, got %d",
                    Files.size(Pairs.with(folder.resolve("a"), ".bin")) / 3,
                    largest - 1,
                    largest))));
  }

  @ParameterizedTest
  @CsvSource({
    "auto,   100,   100",
    "uint16, 70000, 65536",
    "int32,  100,   100",
    "uint8,  70000, 256",
    "int8,   70000, 128",
    "int16,  70000, 32768"
  })
  void idsThatDoNotFitAreRefused(String dtype, int vocabulary, int id) throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<TokenRow> writer =
            MegatronIO.rows(MegatronSettings.of(1).withDtype(dtype).withVocabularySize(vocabulary))
                .open(scratch, 1)) {
      writer.write(Row.of(1, id - 1));

      Exception refused =
          assertThrows(IllegalArgumentException.class, () -> writer.write(Row.of(1, 5, id)));

      assertThat(refused.getMessage(), containsString("token id " + id + " does not fit"));
    }
  }

  @Test
  void emptyShardsAreRefused() throws IOException {
    ShardSink<TokenRow> sink = MegatronIO.rows(MegatronSettings.of(10));
    try (ShardScratch scratch = ShardScratch.create()) {
      Exception none =
          assertThrows(IllegalArgumentException.class, () -> sink.open(scratch, 0).close());
      assertThat(none.getMessage(), containsString("samples must be 1 or more, was 0"));

      ShardWriter<TokenRow> writer = sink.open(scratch, 2);
      writer.write(Row.of(1));
      writer.write(Row.of(1));
      Exception noToken = assertThrows(IllegalArgumentException.class, writer::finish);
      assertThat(noToken.getMessage(), containsString("a shard must have a token"));
      writer.close();
    }
  }

  @Test
  void shardsThatAreNotWholeAreRefused() throws IOException {
    ShardSink<TokenRow> sink = MegatronIO.rows(MegatronSettings.of(10));
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<TokenRow> few = sink.open(scratch, 2);
        ShardWriter<TokenRow> open = sink.open(scratch, 1)) {
      few.write(Row.of(1, 1));
      Exception missing = assertThrows(IllegalStateException.class, few::finish);
      assertThat(missing.getMessage(), equalTo("expected 2 samples, got 1"));

      open.write(Row.of(0, 1));
      Exception goesOn = assertThrows(IllegalArgumentException.class, open::finish);
      assertThat(goesOn.getMessage(), containsString("the last document of a shard must end"));
      Row inside = new Row(TokenIds.of(1), 1, 1);
      assertThrows(IllegalArgumentException.class, () -> open.write(inside));
      assertThrows(IllegalArgumentException.class, () -> open.write(Row.of(-1, 1)));
    }
  }

  @Test
  void typesThatNobodyTrainsOnAreForRowsOnly() {
    MegatronSettings settings = MegatronSettings.of(100).withDtype("int64");

    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> MegatronIO.documents(settings));

    assertThat(refused.getMessage(), containsString("dtype must be auto, uint16 or int32"));
    assertThrows(IllegalArgumentException.class, () -> MegatronIO.sequences(settings));
  }

  @Test
  void partsMakeTheWholeOneAfterAnother() throws IOException {
    List<TokenizedDocument> documents = reference(200000);
    MegatronSettings settings = MegatronSettings.of(200000);
    Path whole = Pairs.write(MegatronIO.documents(settings), documents, folder.resolve("whole"));
    Path cut = Files.createDirectory(folder.resolve("parts")).resolve("cut");

    Pairs.write(MegatronIO.documents(settings.withPartBytes(1003)), documents, cut);

    List<byte[]> parts = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      parts.add(Files.readAllBytes(Pairs.with(cut, String.format(".bin.%03d", i))));
    }
    byte[] all = new byte[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    assertThat(all, equalTo(Files.readAllBytes(Pairs.with(whole, ".bin"))));
    assertThat(
        parts.stream().map(part -> part.length).toList().subList(0, 8),
        equalTo(Collections.nCopies(8, 1000)));
    assertThat(Files.mismatch(Pairs.with(cut, ".idx"), Pairs.with(whole, ".idx")), equalTo(-1L));
    assertThat(Files.exists(Pairs.with(cut, ".bin")), equalTo(false));
    assertThat(Pairs.rows(cut.getParent()), equalTo(Pairs.rows(Pairs.stored(whole))));
  }

  @Test
  void tooManyPartsAreRefused() throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<TokenRow> writer =
            MegatronIO.rows(MegatronSettings.of(10).withPartBytes(8)).open(scratch, 1)) {
      IOException refused =
          assertThrows(IOException.class, () -> writer.write(Row.of(1, new int[4001])));

      assertThat(refused.getMessage(), containsString("a .bin may have 1000 parts"));
    }
  }

  @Test
  void readingBeginsAnywhere() throws IOException {
    List<TokenRow> rows =
        List.of(Row.of(2, 1, 2), Row.of(0, 3), Row.of(1), Row.of(1, 4, 5, 6), Row.of(1, 7));
    Path written = Pairs.write(MegatronIO.rows(MegatronSettings.of(10)), rows, folder.resolve("a"));

    for (int from = 0; from <= rows.size(); from++) {
      List<TokenRow> read = new ArrayList<>();
      for (var sample : StoredShards.samples(MegatronIO.format(), Pairs.stored(written), from)) {
        read.add(Row.of(sample));
      }
      assertThat(read, equalTo(rows.subList(from, rows.size())));
    }
  }
}
