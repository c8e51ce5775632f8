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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
