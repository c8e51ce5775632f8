package org.millrace.io.megatron;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexRepairTest {

  private static final IndexBytes RIGHT = IndexBytes.of(3, 0, 2).withDocuments(0, 2, 3);
  private static final IndexBytes ONE_EACH = IndexBytes.of(3, 0, 2);

  @TempDir private Path folder;

  private final ByteArrayOutputStream repaired = new ByteArrayOutputStream();

  private IndexRepair repair(byte[] idx) throws IOException {
    repaired.reset();
    return MegatronIO.repairIndex(
        IndexBytes.pair(idx, folder.resolve("a"), 10).get(0), 10, repaired);
  }

  @Test
  void whatIsRightStaysAsItIs() throws IOException {
    for (IndexBytes each :
        new IndexBytes[] {
          RIGHT, RIGHT.withRest(new byte[] {0, 1, 1}), RIGHT.withDocuments(0, 0, 3, 3)
        }) {
      IndexRepair repair = repair(each.bytes());

      assertThat(repair, equalTo(new IndexRepair(3, 0, 0, 0, false)));
      assertThat(repaired.toByteArray(), equalTo(each.bytes()));
    }
  }

  @Test
  void pointersAreComputedFromLengths() throws IOException {
    IndexRepair repair = repair(RIGHT.withPointers(0, -6, 1L << 40).withRest(new byte[3]).bytes());

    assertThat(repair, equalTo(new IndexRepair(3, 2, 0, 0, true)));
    assertThat(repaired.toByteArray(), equalTo(RIGHT.withRest(new byte[3]).bytes()));
  }

  @ParameterizedTest
  @CsvSource({
    "'0',       '0 1 2 3', 3", // an old merge forgot all documents
    "'',        '0 1 2 3', 3",
    "'0 2',     '0 2 3',   1", // the last document was not closed
    "'0 0 1',   '0 0 1 2 3', 2",
    "'1 2 3',   '0 1 2 3', 3",
    "'0 2 1 3', '0 1 2 3', 3",
    "'0 4',     '0 1 2 3', 3"
  })
  void documentsThatAreMissingAreOneSequenceEach(String before, String after, int made)
      throws IOException {
    IndexRepair repair = repair(RIGHT.withDocuments(numbers(before)).bytes());

    assertThat(repair, equalTo(new IndexRepair(3, 0, made, 0, true)));
    assertThat(repaired.toByteArray(), equalTo(RIGHT.withDocuments(numbers(after)).bytes()));
  }

  private static long[] numbers(String text) {
    return Arrays.stream(text.split(" "))
        .filter(each -> !each.isEmpty())
        .mapToLong(Long::valueOf)
        .toArray();
  }

  @Test
  void aWrongNumberOfEntriesIsFoundBySize() throws IOException {
    for (int count : new int[] {1, 2, 4, 100}) {
      byte[] idx = RIGHT.bytes();
      idx[26] = (byte) count;

      IndexRepair repair = repair(idx);

      assertThat(repair, equalTo(new IndexRepair(3, 0, 0, 0, true)));
      assertThat(repaired.toByteArray(), equalTo(RIGHT.bytes()));
    }
  }

  @Test
  void whatIsCutOffBehindTheLengthsIsMadeAgain() throws IOException {
    byte[] whole = ONE_EACH.bytes();

    for (int size = 34 + 12; size < whole.length; size++) {
      IndexRepair repair = repair(Arrays.copyOf(whole, size));

      int pointers = Math.min(3, (size - 46) / 8);
      assertThat(repair.pointers(), equalTo(3L - pointers));
      assertThat(repair.changed(), equalTo(true));
      assertThat(repaired.toByteArray(), equalTo(whole));
    }
  }

  @Test
  void bytesBehindTheIndexAreLeftOut() throws IOException {
    IndexRepair repair = repair(RIGHT.withRest(new byte[] {9, 9}).bytes());

    assertThat(repair, equalTo(new IndexRepair(3, 0, 0, 2, true)));
    assertThat(repaired.toByteArray(), equalTo(RIGHT.bytes()));
  }

  @Test
  void lengthsThatDoNotMakeTheTokensAreRefused() throws IOException {
    IOException tooLong =
        assertThrows(IOException.class, () -> repair(IndexBytes.of(3, 3).bytes()));
    IOException tooShort =
        assertThrows(IOException.class, () -> repair(IndexBytes.of(3, 1).bytes()));
    IOException negative =
        assertThrows(IOException.class, () -> repair(IndexBytes.of(6, -1).bytes()));

    assertThat(
        tooLong.getMessage(),
        equalTo("a.idx: offset 38: length of sequence 1: expected 0..2, got 3"));
    assertThat(
        tooShort.getMessage(),
        equalTo("a.idx: offset 34: bytes by the sum of lengths: expected 10, got 8"));
    assertThat(negative.getMessage(), containsString("a.idx: offset 34: length of sequence 0"));
    assertThat(repaired.size(), equalTo(0));
  }

  @Test
  void damagedHeadsAreRefused() throws IOException {
    byte[] count = RIGHT.bytes();
    count[25] = (byte) 0x80;

    IOException refused = assertThrows(IOException.class, () -> repair(count));

    assertThat(
        refused.getMessage(),
        containsString("a.idx: offset 18: number of sequences: expected 0..15"));
    assertThrows(IOException.class, () -> repair(Arrays.copyOf(RIGHT.bytes(), 45)));
    assertThrows(IOException.class, () -> repair(new byte[0]));
  }

  @Test
  void whatIsRepairedIsRightWhateverWasFlipped() throws IOException {
    long seed = 4711;
    Random random = new Random(seed);
    for (int i = 0; i < 1000; i++) {
      byte[] idx = ONE_EACH.bytes();
      int at = 46 + random.nextInt(idx.length - 46);
      idx[at] ^= (byte) (1 + random.nextInt(255));

      repair(idx);

      byte[] result = repaired.toByteArray();
      assertThat(
          "seed " + seed + ", byte " + at + " is " + idx[at],
          Pairs.findings(IndexBytes.pair(result, folder.resolve("b"), 10), 100).toString(),
          equalTo("[]"));
      if (at < 46 + 24) {
        assertThat(result, equalTo(ONE_EACH.bytes()));
      }
    }
  }
}
