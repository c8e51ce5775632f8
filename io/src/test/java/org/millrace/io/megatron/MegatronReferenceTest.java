package org.millrace.io.megatron;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.millrace.io.stored.ReferenceFiles.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.column.TokenRow;
import org.millrace.io.megatron.Pairs.Row;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;

/** Files equal those of the real builder byte by byte, and the worked examples of the format. */
class MegatronReferenceTest {

  @TempDir private Path folder;

  private static TokenizedDocument document(String id, int... ids) {
    return new TokenizedDocument(
        OrderKey.natural(0, 1, 0), id, "web", ids.length, TokenIds.of(ids));
  }

  private static List<TokenizedDocument> reference(int vocabulary) {
    int[] lengths = stream(800, 50, 90);
    return IntStream.range(0, 50)
        .mapToObj(i -> document("d:" + i, stream(900 + i, 1 + lengths[i], vocabulary)))
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
        rows.add(Row.of(j == i % 4 ? 1 : 0, stream(1000 + 10 * i + j, 3 + j, 30000)));
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
  void multimodalSequencesAreTheWorkedExample() throws IOException {
    IndexBytes idx =
        new IndexBytes(
            4, new int[] {2, 2}, new long[] {0, 8}, new long[] {0, 2}, new byte[] {0, 1});
    assertThat(idx.bytes().length, equalTo(76));

    List<StoredFile> files = idx.pair(folder.resolve("a"), 16);

    assertThat(Pairs.findings(files, 1 << 20), empty());
    var samples = StoredShards.samples(MegatronIO.format(), files, 1);
    assertThat(samples.get(0).value(samples.get(0).index("mode").orElseThrow()), equalTo(1L));
    assertThat(
        samples.get(0).columns().toString(),
        equalTo("[tokens ndarray:int32, documents_ended int32, mode int8]"));
  }
}
