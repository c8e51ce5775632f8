package org.millrace.io.megatron;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.megatron.Pairs.Row;
import org.millrace.io.stored.StoredFile;
import org.millrace.transforms.data.TokenIds;

/** Whatever a pair holds, a reader gives its tokens or says what is wrong. */
class MegatronDamageTest {

  private static final IndexBytes RIGHT = IndexBytes.of(3, 0, 2).withDocuments(0, 0, 2, 3);

  @TempDir private Path folder;

  private List<StoredFile> pair(IndexBytes idx, int binBytes) throws IOException {
    return idx.pair(folder.resolve("a"), binBytes);
  }

  private List<StoredFile> pair(byte[] idx, int binBytes) throws IOException {
    return IndexBytes.pair(idx, folder.resolve("a"), binBytes);
  }

  private static void assertRefused(List<StoredFile> files, String what) {
    IOException check = assertThrows(IOException.class, () -> Pairs.findings(files, 100));
    assertThat(check.getMessage(), containsString(what));
    IOException read = assertThrows(IOException.class, () -> Pairs.rows(files));
    assertThat(read.getMessage(), containsString(what));
  }

  /** Whether something is said about it; anything but an IOException is an error of the test. */
  private static boolean isFound(List<StoredFile> files) {
    try {
      return !Pairs.findings(files, 100).isEmpty();
    } catch (IOException e) {
      assertThat(e.getMessage(), startsWith("a."));
      return true;
    }
  }

  @Test
  void theUndamagedPairIsRead() throws IOException {
    List<StoredFile> files = pair(RIGHT, 10);

    assertThat(Pairs.findings(files, 5), empty());
    assertThat(
        Pairs.rows(files),
        equalTo(
            List.of(
                new Row(TokenIds.of(0, 1, 2), 0, 1), Row.of(1), new Row(TokenIds.of(3, 4), 1, 0))));
  }

  @Test
  void anIndexCutAnywhereIsRefused() throws IOException {
    byte[] whole = RIGHT.bytes();

    for (int size = 0; size < whole.length; size++) {
      assertRefused(pair(Arrays.copyOf(whole, size), 10), "a.idx: offset ");
    }
  }

  @Test
  void tokensCutAnywhereAreFound() throws IOException {
    for (int size = 0; size < 10; size++) {
      List<StoredFile> files = pair(RIGHT, size);

      assertThat(isFound(files), equalTo(true));
      assertThrows(IOException.class, () -> Pairs.rows(files));
    }
  }

  @Test
  void flippedBytesOfAnIndexAreFoundOrHarmless() throws IOException {
    long seed = 20251120;
    Random random = new Random(seed);
    byte[] whole = IndexBytes.of(3, 0, 2, 7, 1).bytes();
    int checked = 34 + 12 * 5; // a document index can be another one, and still be right
    for (int i = 0; i < 1000; i++) {
      byte[] flipped = whole.clone();
      int at = random.nextInt(whole.length);
      flipped[at] ^= (byte) (1 + random.nextInt(255));
      String which = "seed " + seed + ", byte " + at + " is " + flipped[at];
      List<StoredFile> files = pair(flipped, 26);

      boolean found = isFound(files);

      if (at < checked && at != 17) {
        assertThat(which, found, equalTo(true));
      }
      try {
        assertThat(which, Pairs.rows(files).size() <= 5, equalTo(true));
      } catch (IOException e) {
        assertThat(which, e.getMessage(), startsWith("a."));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62, 0x1555_5555_5555_5556L, 6, 1L << 31})
  void absurdCountsAreRefused(long count) throws IOException {
    for (int at : new int[] {18, 26}) {
      byte[] idx = RIGHT.bytes();
      ByteBuffer.wrap(idx).order(ByteOrder.LITTLE_ENDIAN).putLong(at, count);
      String what = at == 18 ? "number of sequences" : "number of entries of the document index";

      assertRefused(
          pair(idx, 10),
          "a.idx: offset " + at + ": " + what + ": expected 0.." + (at == 18 ? 5 : 4));
      assertRefused(pair(idx, 10), ", got " + Long.toUnsignedString(count));
    }
  }

  @Test
  void anotherMagicIsRefused() throws IOException {
    byte[] cached = Arrays.copyOf("TNTIDX\0\0".getBytes(StandardCharsets.ISO_8859_1), 100);
    byte[] other = RIGHT.bytes();
    other[3] = 'X';

    assertRefused(pair(cached, 10), "a.idx: offset 0: magic: expected \"MMIDIDX\\0\\0\"");
    assertRefused(pair(cached, 10), "the older kind \"cached\" or \"lazy\"");
    assertRefused(pair(other, 10), "got 4d 4d 49 58 49 44 58 00 00");
    assertRefused(pair(new byte[0], 10), "got no bytes");
  }

  @Test
  void anotherVersionIsRefused() throws IOException {
    byte[] idx = RIGHT.bytes();
    idx[9] = 2;

    assertRefused(pair(idx, 10), "a.idx: offset 9: version: expected 1, got 2");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "6, 6 (float64)", "7, '7 (float32 since 2023, float64 before)'", "255, 255"})
  void typesThatHoldNoIdsAreRefused(int code, String got) throws IOException {
    assertRefused(
        pair(RIGHT.withDtype(code), 10),
        "a.idx: offset 17: code of the element type: expected 1 uint8, 2 int8, 3 int16, 4 int32,"
            + " 5 int64 or 8 uint16, got "
            + got);
  }

  @Test
  void wrongPointersAreFoundAndNotFollowed() throws IOException {
    List<StoredFile> files =
        pair(IndexBytes.of(1, 1, 1, 1, 1).withPointers(0, 1, 2, 3, 4_000_000_000_000L), 10);

    assertThat(
        Pairs.findings(files, 5),
        equalTo(
            List.of(
                "a.idx: offset 62: pointer of sequence 1: expected 2, got 1",
                "a.idx: offset 70: pointer of sequence 2: expected 4, got 2",
                "a.idx: offset 78: pointer of sequence 3: expected 6, got 3",
                "a.idx: pointers: expected sums of the lengths before, got 4 others; repair"
                    + " computes them anew from the lengths")));
    assertThat(Pairs.rows(files).get(4), equalTo(Row.of(1, 4)));
  }

  @Test
  void lengthsThatAreOneShortAreRecognised() throws IOException {
    List<StoredFile> files = pair(IndexBytes.of(3, 0, 2), 16);

    assertThat(
        Pairs.findings(files, 100),
        equalTo(
            List.of(
                "a.bin: size: expected 10 as the lengths say, got 16: one token a document more,"
                    + " as when lengths were counted before end-of-text came")));
    IOException read = assertThrows(IOException.class, () -> Pairs.rows(files));
    assertThat(read.getMessage(), equalTo("a.bin: size: expected 10 as the lengths say, got 16"));
  }

  @Test
  void otherSizesAreFound() throws IOException {
    assertThat(
        Pairs.findings(pair(RIGHT, 13), 100),
        equalTo(List.of("a.bin: size: expected 10 as the lengths say, got 13")));
    assertThat(isFound(pair(RIGHT.withDtype(4), 10)), equalTo(true));
  }

  @Test
  void negativeLengthsAreRefused() throws IOException {
    assertRefused(pair(IndexBytes.of(3, -1, 2), 10), "a.idx: offset 38: length of sequence 1");
  }

  @Test
  void lengthsBeyondTheFileTakeNoMemory() throws IOException {
    List<StoredFile> files = pair(IndexBytes.of(Integer.MAX_VALUE), 10);

    assertThat(isFound(files), equalTo(true));
    IOException read = assertThrows(IOException.class, () -> Pairs.rows(files));
    assertThat(
        read.getMessage(),
        equalTo("a.idx: offset 34: length of sequence 0: expected 0..5, got 2147483647"));
  }

  @ParameterizedTest
  @CsvSource({
    "'0',       'a.idx: offset 70: last entry of the document index: expected 3, got 0'",
    "'0 1 2',   'a.idx: offset 86: last entry of the document index: expected 3, got 2'",
    "'1 2 3',   'a.idx: offset 70: document index, entry 0: expected 0, got 1'",
    "'0 2 1 3', 'a.idx: offset 86: document index, entry 2: expected 2..3, got 1'",
    "'0 1 4 3', 'a.idx: offset 86: document index, entry 2: expected 1..3, got 4'",
    "'0 -1 3',  'a.idx: offset 78: document index, entry 1: expected 0..3, got -1'",
    "'',        'a.idx: offset 26: entries of the document index: expected 1 or more, got 0'"
  })
  void wrongDocumentIndexesAreFound(String entries, String finding) throws IOException {
    long[] documents =
        Arrays.stream(entries.split(" "))
            .filter(e -> !e.isEmpty())
            .mapToLong(Long::valueOf)
            .toArray();

    List<StoredFile> files = pair(RIGHT.withDocuments(documents), 10);

    assertThat(Pairs.findings(files, 100), hasItem(startsWith(finding)));
    IOException read = assertThrows(IOException.class, () -> Pairs.rows(files));
    assertThat(read.getMessage(), containsString("repair makes the index anew"));
  }

  @Test
  void bytesBehindTheIndexAreFound() throws IOException {
    assertThat(
        Pairs.findings(pair(RIGHT.withRest((byte) 0, (byte) 0), 10), 100),
        equalTo(List.of("a.idx: size: expected 102, or 3 more in multimodal files, got 104")));
  }

  @Test
  void emptyDatasetsAreFound() throws IOException {
    List<StoredFile> files = pair(IndexBytes.of(), 0);

    assertThat(
        Pairs.findings(files, 100),
        equalTo(
            List.of(
                "a.idx: offset 18: sequences: expected 1 or more, got none, and Megatron-LM opens"
                    + " no empty dataset")));
    assertThat(Pairs.rows(files), empty());
    assertThat(isFound(pair(IndexBytes.of(0, 0), 0)), equalTo(true));
  }

  @Test
  void idsBeyondTheVocabularyAreFound() throws IOException {
    assertThat(
        Pairs.findings(pair(RIGHT, 10), 4),
        equalTo(List.of("a.bin: offset 8: id in sequence 2: expected 0..3, got 4")));
  }

  @Test
  void negativeIdsAreFoundAndRefused() throws IOException {
    List<StoredFile> files = pair(IndexBytes.of(2).withDtype(3), 4);
    Files.write(folder.resolve("a.bin"), new byte[] {1, 0, (byte) 0xFF, (byte) 0xFF});

    assertThat(
        Pairs.findings(files, 4),
        equalTo(List.of("a.bin: offset 2: id in sequence 0: expected 0..3, got -1")));
    IOException read = assertThrows(IOException.class, () -> Pairs.rows(files));
    assertThat(read.getMessage(), not(containsString("repair")));
  }

  @Test
  void aFileThatIsShorterThanWhenItWasListedIsRefused() throws IOException {
    List<StoredFile> files = pair(IndexBytes.of(3, 2), 10);
    Files.write(folder.resolve("a.bin"), new byte[6]);

    assertRefused(files, "a.bin: size: expected 10, got 6");
  }
}
