package org.millrace.io.hdf5;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.stored.Finding;
import org.millrace.transforms.data.TokenIds;

/** Whatever a file holds, a reader gives its rows or says in an IOException what is wrong. */
@Timeout(120)
class Hdf5DamageTest {

  private static final int ROWS = 70;
  private static final int LENGTH = 8;

  // Where things stand in a file of ours.
  private static final int END = 0x28;
  private static final int NAME_TREE = 0x88;
  private static final int ROOT_MESSAGES = 0x320;
  private static final int DIMENSIONS = 0x398;
  private static final int INDEX = 0x423;
  private static final int CHUNK_DIMENSIONS = 0x42b;
  private static final int NAME_NODE = 0x488;
  private static final int CHUNKS = 0x5d0;
  private static final int NODE_BYTES = 3136;
  private static final int ENTRY_BYTES = 48;

  @TempDir private Path folder;

  private byte[] sound;
  private List<List<TokenIds>> rows;

  @BeforeEach
  void writeSoundFile() throws IOException {
    sound = Files.readAllBytes(Rows.write(folder, ROWS, LENGTH));
    rows = Rows.lines(Rows.rows(ROWS, LENGTH));
  }

  /** Where the chunks end: two leaves are before the root. */
  private int index() {
    return (int) littleEndian(sound).getLong(INDEX) - 2 * NODE_BYTES;
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("damaged.h5"), bytes);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reads all of it in both ways; whether anything is found to be wrong. */
  private boolean isFound(byte[] bytes) throws IOException {
    return !outcome(bytes).equals("nothing found");
  }

  private String outcome(byte[] bytes) throws IOException {
    Path path = file(bytes);
    List<Finding> findings = new ArrayList<>();
    try {
      Rows.check(path, findings);
      boolean same = Rows.read(path).equals(rows);
      return !findings.isEmpty() ? "findings" : same ? "nothing found" : "other rows";
    } catch (IOException e) {
      assertThat(e.getMessage(), startsWith("a.h5: "));
      return "error";
    }
  }

  private String error(byte[] bytes) throws IOException {
    Path path = file(bytes);
    return assertThrows(IOException.class, () -> Rows.check(path, new ArrayList<>())).getMessage();
  }

  @Test
  void aFileThatEndsTooSoonIsRefused() throws IOException {
    for (int length = 0; length < sound.length; length += length < CHUNKS ? 3 : 97) {
      byte[] cut = Arrays.copyOf(sound, length);

      assertThat("cut to " + length, isFound(cut), equalTo(true));
    }
  }

  @Test
  void aFileThatEndsTooSoonAndSaysSoIsRefused() throws IOException {
    for (int length = CHUNKS - 400; length < sound.length; length += 31) {
      byte[] cut = Arrays.copyOf(sound, length);
      littleEndian(cut).putLong(END, length);

      assertThat("cut to " + length, isFound(cut), equalTo(true));
    }
  }

  @Test
  void everyChangeOfTheChunksThatChangesRowsIsFound() throws IOException {
    int index = index();
    Random random = new Random(11);
    int found = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] bytes = sound.clone();
      int at = CHUNKS + random.nextInt(index - CHUNKS);
      bytes[at] ^= (byte) (1 + random.nextInt(255));

      String outcome = outcome(bytes);

      assertThat("byte " + at + " of seed 11", outcome, not("other rows"));
      found += outcome.equals("nothing found") ? 0 : 1;
    }
    // Some bits of a stream mean nothing: those that fill its last byte up.
    assertThat(found, greaterThan(950));
  }

  @Test
  void bytesBeforeTheChunksMayBeDamaged() throws IOException {
    Random random = new Random(12);
    for (int at = 0; at < CHUNKS; at += 1 + random.nextInt(3)) {
      byte[] bytes = sound.clone();
      bytes[at] ^= (byte) (1 << random.nextInt(8));

      outcome(bytes); // or an IOException, but no other
    }
  }

  @Test
  void manyBytesMayBeDamaged() throws IOException {
    int index = index();
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      byte[] bytes = sound.clone();
      for (int i = 0; i < 1 + seed % 6; i++) {
        int at = random.nextInt(CHUNKS + sound.length - index);
        bytes[at < CHUNKS ? at : at - CHUNKS + index] = (byte) random.nextInt();
      }

      outcome(bytes); // or an IOException, but no other
    }
  }

  @ParameterizedTest
  @CsvSource({
    DIMENSIONS + ", 71, 'chunks stored: expected 71, got 70'",
    "0x370, 71, 'attribute n_examples: expected 70, got 71'",
  })
  void aWrongNumberOfRowsIsFound(String at, long value, String problem) throws IOException {
    byte[] bytes = sound.clone();
    littleEndian(bytes).putLong(Integer.decode(at), value);
    List<Finding> findings = new ArrayList<>();

    Rows.check(file(bytes), findings);

    assertThat(findings.toString(), containsString(problem));
  }

  @Test
  void fewerRowsThanChunksAreFound() throws IOException {
    byte[] bytes = sound.clone();
    littleEndian(bytes).putLong(DIMENSIONS, 69);

    assertThat(
        error(bytes), containsString("index 0 of a chunk: expected less than 69, a multiple of"));
  }

  @Test
  void moreRowsThanCanBeInTheFileAreRefused() throws IOException {
    byte[] bytes = sound.clone();
    littleEndian(bytes).putLong(DIMENSIONS, 1L << 40);

    assertThat(error(bytes), containsString("rows: expected at most"));
  }

  @ParameterizedTest
  @CsvSource({
    "0x7fffffff, 'chunk: expected chunks of 1..268435456 bytes'",
    "0, 'chunk: expected chunks of 1..268435456 bytes'",
    "0x200000, 'zlib stream: expected one of 201326592 bytes'",
  })
  void aChunkOfAnImpossibleSizeIsRefused(String size, String problem) throws IOException {
    byte[] bytes = sound.clone();
    littleEndian(bytes).putInt(CHUNK_DIMENSIONS, Integer.decode(size));
    // One chunk for all rows, so that its size is what is tested.
    littleEndian(bytes).putLong(DIMENSIONS, 1);
    int root = (int) littleEndian(bytes).getLong(INDEX);
    littleEndian(bytes).putLong(INDEX, root - 2 * NODE_BYTES);
    littleEndian(bytes).putShort(root - 2 * NODE_BYTES + 6, (short) 1);

    assertThat(error(bytes), containsString(problem));
  }

  @Test
  void aTreeThatLeadsBackIsRefused() throws IOException {
    byte[] bytes = sound.clone();
    long root = littleEndian(bytes).getLong(INDEX);
    littleEndian(bytes).putLong((int) root + 24 + ENTRY_BYTES - 8, root);

    assertThat(error(bytes), containsString("B-tree of chunks: level: expected 0, got 1"));
  }

  @Test
  void aTreeWhoseNodesAreTwiceInItIsRefused() throws IOException {
    byte[] bytes = sound.clone();
    ByteBuffer file = littleEndian(bytes);
    int root = (int) file.getLong(INDEX);
    file.putLong(root + 24 + 2 * ENTRY_BYTES - 8, file.getLong(root + 24 + ENTRY_BYTES - 8));

    assertThat(error(bytes), containsString("chunk: expected one behind [63, 0, 0]"));
  }

  @Test
  void aTreeOfMaximalDepthIsReadAndItsEndFound() throws IOException {
    int leaves = sound.length;
    byte[] bytes = Arrays.copyOf(sound, leaves + 255 * NODE_BYTES);
    ByteBuffer file = littleEndian(bytes);
    long below = file.getLong(INDEX);
    for (int level = 2; level < 256; level++) {
      int at = leaves + (level - 1) * NODE_BYTES;
      System.arraycopy(sound, (int) file.getLong(INDEX), bytes, at, NODE_BYTES);
      bytes[at + 5] = (byte) level;
      file.putShort(at + 6, (short) 1).putLong(at + 24 + ENTRY_BYTES - 8, below);
      // The key behind the only child is that behind all chunks.
      System.arraycopy(
          sound,
          (int) file.getLong(INDEX) + 24 + 2 * ENTRY_BYTES,
          bytes,
          at + 24 + ENTRY_BYTES,
          ENTRY_BYTES - 8);
      below = at;
    }
    file.putLong(INDEX, below).putLong(END, bytes.length);

    assertThat(outcome(bytes), equalTo("nothing found"));
  }

  @Test
  void aHiddenChunkIsFound() throws IOException {
    byte[] bytes = sound.clone();
    ByteBuffer file = littleEndian(bytes);
    int root = (int) file.getLong(INDEX);
    // The key between the two nodes says that the second begins a row later than it does.
    file.putLong(root + 24 + ENTRY_BYTES + 8, 65);

    assertThat(error(bytes), containsString("chunk [64, 0, 0]: expected one that keys lead to"));
  }

  @Test
  void continuationsThatLeadBackAreRefused() throws IOException {
    byte[] bytes = sound.clone();
    // In the place of the symbol table: the messages go on where they begin.
    ByteBuffer file = littleEndian(bytes).putShort(ROOT_MESSAGES, (short) MessageType.CONTINUATION);
    file.putLong(ROOT_MESSAGES + 8, ROOT_MESSAGES).putLong(ROOT_MESSAGES + 16, 88);

    assertThat(error(bytes), containsString("root group: messages: expected 3, got more"));
  }

  @Test
  void aTreeOfNamesThatLeadsBackIsRefused() throws IOException {
    byte[] bytes = sound.clone();
    bytes[NAME_TREE + 5] = 1;
    littleEndian(bytes).putLong(NAME_TREE + 32, NAME_TREE);

    assertThat(error(bytes), containsString("B-tree of names: level: expected 0, got 1"));
  }

  @Test
  void namesOutsideTheirHeapAreRefused() throws IOException {
    byte[] bytes = sound.clone();
    littleEndian(bytes).putLong(NAME_NODE + 8, 88);

    assertThat(error(bytes), containsString("offset of a name: expected 0..87, got 88"));
  }
}
