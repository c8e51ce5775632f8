package org.millrace.io.megatron;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.millrace.io.stored.ReferenceFiles.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.column.TokenRow;
import org.millrace.io.megatron.Pairs.Row;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredShards;

/** A {@code .bin} in parts. */
class MegatronPartsTest {

  @TempDir private Path folder;

  private final List<String> findings = new ArrayList<>();

  private static List<TokenRow> rows() {
    return IntStream.range(0, 50)
        .<TokenRow>mapToObj(i -> Row.of(1, stream(900 + i, 1 + 7 * i % 90, 200000)))
        .toList();
  }

  @Test
  void partsMakeTheWholeOneAfterAnother() throws IOException {
    List<TokenRow> documents = rows();
    MegatronSettings settings = MegatronSettings.of(200000);
    Path whole = Pairs.write(MegatronIO.rows(settings), documents, folder.resolve("whole"));
    Path cut = Files.createDirectory(folder.resolve("parts")).resolve("cut");

    Pairs.write(MegatronIO.rows(settings.withPartBytes(1003)), documents, cut);

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
  void partsCutInTheMiddleOfTokensAreRead() throws IOException {
    List<Row> rows = List.of(Row.of(1, 258, 770, 9), Row.of(1, 50256), Row.of(1, 7, 8));
    Path whole = folder.resolve("a");
    Pairs.write(MegatronIO.rows(MegatronSettings.of(50257)), List.copyOf(rows), whole);
    byte[] bin = Files.readAllBytes(folder.resolve("a.bin"));
    Files.delete(folder.resolve("a.bin"));
    int[] cuts = {0, 3, 3, 4, 11, 12, 12};
    for (int i = 0; i + 1 < cuts.length; i++) {
      byte[] part = Arrays.copyOfRange(bin, cuts[i], cuts[i + 1]);
      Files.write(folder.resolve("a.bin.a" + (char) ('a' + i)), part);
    }

    assertThat(Pairs.rows(folder), equalTo(rows));

    List<StoredFile> files =
        MegatronIO.format().shards(StoredFolder.list(folder.toString()), Pairs::fail).get(0);
    assertThat(Pairs.findings(files, 50257), empty());
    assertThat(
        Pairs.findings(files, 50256),
        equalTo(List.of("a.bin.ad: offset 2: id in sequence 1: expected 0..50255, got 50256")));
    List<StoredFile> oneMissing = files.subList(0, 5);
    assertThrows(
        IOException.class,
        () ->
            StoredShards.check(
                MegatronIO.format(), oneMissing, 50257, each -> findings.add(each.toString())));
    assertThat(
        findings,
        equalTo(
            List.of(
                "a.bin.aa: size of all 4 parts: expected 12 as the lengths say, got 11: it is cut"
                    + " off, or is that of another index")));
  }

  @Test
  void aPartThatLostItsEndDoesNotMoveTheNextOne() throws IOException {
    IndexBytes.of(3, 2).pair(folder.resolve("a"), 10);
    Files.delete(folder.resolve("a.bin"));
    Files.write(folder.resolve("a.bin.aa"), new byte[4]);
    Files.write(folder.resolve("a.bin.ab"), new byte[6]);
    List<StoredFile> files =
        MegatronIO.format().shards(StoredFolder.list(folder.toString()), Pairs::fail).get(0);
    Files.write(folder.resolve("a.bin.aa"), new byte[2]);

    IOException refused = assertThrows(IOException.class, () -> Pairs.rows(files));

    assertThat(refused.getMessage(), equalTo("a.bin.aa: size: expected 4, got 2"));
  }
}
