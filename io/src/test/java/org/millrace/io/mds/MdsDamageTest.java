package org.millrace.io.mds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.column.Column;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.TokenIds;

/** Whatever a shard holds, a reader gives its samples or says in an IOException what is wrong. */
class MdsDamageTest {

  private static final String SHARD = "shard.00000.mds";

  @TempDir private Path folder;
  private MdsFolder mds;
  private byte[] sound;

  private MdsFolder write(MdsSettings settings) throws IOException {
    return MdsFolder.write(
        Files.createTempDirectory(folder, "mds"),
        MdsIO.columns(
            List.of(
                new MdsColumn<Integer>(
                    new Column("tokens", "ndarray:uint16"), i -> TokenIds.of(i, i + 1, i + 2)),
                new MdsColumn<Integer>(new Column("id", "int32"), i -> i),
                new MdsColumn<Integer>(new Column("text", "str"), i -> "text " + i)),
            settings),
        List.of(0, 1, 2, 3));
  }

  @BeforeEach
  void writeSoundShard() throws IOException {
    mds = write(MdsSettings.standard());
    sound = mds.bytes(SHARD);
  }

  /** Offset of the first sample. */
  private int start() {
    return ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
  }

  private static void readAll(Path file) throws IOException {
    List<StoredFile> shard = List.of(StoredShards.file(file, "a.mds"));
    StoredShards.samples(MdsIO.format(), shard, 0);
    StoredShards.check(MdsIO.format(), shard, Long.MAX_VALUE, finding -> {});
  }

  private static void assertRefused(Path file, String problem) {
    IOException e = assertThrows(IOException.class, () -> readAll(file), problem);
    assertThat(e.getMessage(), startsWith("a.mds: "));
    assertThat(e.getMessage(), containsString(problem));
  }

  private void assertRefused(byte[] bytes, String problem) throws IOException {
    assertRefused(Files.write(folder.resolve("a.mds"), bytes), problem);
  }

  @Test
  void findsNothingWrongWithTheSoundShard() throws IOException {
    assertThat(mds.check(6), empty());
    assertThat(mds.samples(), hasSize(4));
  }

  @Test
  void refusesAShardThatEndsTooEarly() throws IOException {
    for (int length = 0; length < sound.length; length++) {
      assertRefused(Arrays.copyOf(sound, length), "");
    }
  }

  @Test
  void findsBytesThatBelongToNoSample() throws IOException {
    mds.replace(SHARD, Arrays.copyOf(sound, sound.length + 3));

    assertThat(
        mds.check(),
        hasItem(
            new Finding(
                SHARD,
                "end of the samples: expected " + (sound.length + 3) + ", got " + sound.length)));
  }

  /** Between the listing and the reading. */
  @Test
  void refusesAShardThatHasBecomeShorter() throws IOException {
    for (int length = 0; length < sound.length; length++) {
      List<StoredFile> listed =
          List.of(StoredShards.file(Files.write(folder.resolve("a.mds"), sound), "a.mds"));
      Files.write(folder.resolve("a.mds"), Arrays.copyOf(sound, length));

      assertThrows(
          IOException.class, () -> StoredShards.samples(MdsIO.format(), listed, 0), "" + length);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0xffffffff, first sample behind 4294967295 offsets and the config",
    "0, 5, end",
    "0, 3, config",
    "4, 0, first sample",
    "4, 0xffffffff, first sample",
    "8, 0, offset of sample 1",
    "8, 0xffffffff, offset of sample 1",
    "20, 0, end",
    "20, 0xffffffff, end"
  })
  void refusesNumbersThatAreLies(int at, String number, String problem) throws IOException {
    byte[] bytes = sound.clone();
    int value = (int) (long) Long.decode(number);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);

    assertRefused(bytes, problem);
  }

  @Test
  void findsLengthsThatDoNotAddUp() throws IOException {
    for (int length : new int[] {0, 7, 100, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      byte[] bytes = sound.clone();
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(start(), length);
      mds.replace(SHARD, bytes);

      List<Finding> findings = mds.check();

      assertThat(findings, hasSize(1));
      assertThat(
          findings.get(0).problem(),
          startsWith("offset " + start() + ": sample 0: lengths of values: expected a sum of"));
    }
  }

  @Test
  void findsValuesThatCannotBeDecoded() throws IOException {
    byte[] bytes = sound.clone();
    int tokens = start() + 8 + 4 + 6; // behind lengths, id and text
    bytes[tokens - 1] = (byte) 0xff;
    bytes[tokens] = 0;
    mds.replace(SHARD, bytes);

    assertThat(
        mds.check(),
        equalTo(
            List.of(
                new Finding(
                    SHARD,
                    "offset "
                        + (start() + 12)
                        + ": sample 0, column text str: expected UTF-8, got other bytes"),
                new Finding(
                    SHARD,
                    "offset "
                        + tokens
                        + ": sample 0, column tokens ndarray:uint16: expected 1 to 63 dimensions,"
                        + " got 0 in 7 bytes"))));
  }

  @ParameterizedTest
  @CsvSource({
    "'\"format\": \"mds\"', '\"format\": \"xsv\"', format: expected mds",
    "'\"version\": 2', '\"version\": 3', version: expected 2",
    "ndarray:uint16, ndarray:uint99, column_encodings",
    "'[4, null', '[8, null', column_sizes",
    "'[4, null', '[4, 1234', column_sizes",
    "'\"int32\"', '\"pklxx\"', column_encodings",
    "'67108864', 'falsefal', config",
    "'\"version\": 2}', '\"version\": 2 ', config"
  })
  void refusesAConfigThatDoesNotFit(String from, String to, String problem) throws IOException {
    String text = new String(sound, StandardCharsets.ISO_8859_1);
    String changed = text.replace(from, to);
    assertThat(changed, not(equalTo(text)));
    assertThat(changed.length(), equalTo(text.length()));

    assertRefused(changed.getBytes(StandardCharsets.ISO_8859_1), problem);
  }

  @Test
  void findsIdsOutsideTheVocabulary() throws IOException {
    int tokens = start() + 8 + 4 + 6;

    assertThat(mds.check(5), hasSize(1));
    assertThat(mds.check(2), hasSize(9));
    assertThat(
        mds.check(2).get(0),
        equalTo(
            new Finding(
                SHARD,
                "offset "
                    + tokens
                    + ": sample 0, column tokens ndarray:uint16, id 2: expected 0..1, got 2")));
  }

  @Test
  void findsLabelsThatAreNotTheNextTokens() throws IOException {
    MdsFolder labels =
        MdsFolder.write(
            folder.resolve("labels"),
            MdsIO.columns(
                List.of(
                    new MdsColumn<Integer>(
                        new Column("tokens", "ndarray:uint16"), i -> TokenIds.of(1, 2, 3)),
                    new MdsColumn<Integer>(
                        new Column("labels", "ndarray:uint16"), i -> TokenIds.of(2, i, 9))),
                MdsSettings.standard()),
            List.of(3, 4));

    assertThat(
        labels.check(),
        equalTo(
            List.of(new Finding(SHARD, "sample 1, label 1: expected the next token 3, got 4"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "zstd:3", "gz", "snappy", "bz2", "br:4"})
  void findsEveryChangedByteOfHashedShards(String compression) throws IOException {
    MdsFolder hashed =
        write(
            MdsSettings.standard()
                .withCompression(compression)
                .withHashes(List.of("xxh3_64", "sha256")));
    String name = hashed.files().lastKey();
    byte[] bytes = hashed.bytes(name);
    long seed = 11;
    SplittableRandom random = new SplittableRandom(seed);
    assertThat(hashed.check(), empty());
    for (int i = 0; i < 200; i++) {
      byte[] changed = bytes.clone();
      int at = random.nextInt(bytes.length);
      changed[at] ^= (byte) (1 << random.nextInt(8));
      hashed.replace(name, changed);

      assertThat("seed " + seed + ", byte " + at, hashed.check(), not(empty()));
    }
  }

  /** The file is a hole: it has its size, and no bytes on the disk. */
  @Test
  void refusesASampleThatDoesNotFitIntoMemory() throws IOException {
    Path path = folder.resolve("hole.mds");
    long size = 0xFFFF_FFFFL;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      byte[] config = Arrays.copyOfRange(sound, 24, start());
      ByteBuffer head = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
      file.write(head.putInt(1).putInt(12 + config.length).putInt((int) size).array());
      file.write(config);
      file.setLength(size);
    }

    assertRefused(path, "bytes of sample 0: expected at most 1073741824");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(size + 1);
    }
    assertRefused(path, "size: expected at most 4294967295, got 4294967296");
  }

  @Test
  void leavesNoFileBehind() throws IOException {
    MdsFolder zipped = write(MdsSettings.standard().withCompression("zstd"));
    List<String> before = temporary();

    zipped.check();
    zipped.samples();
    zipped.replace("shard.00000.mds.zstd", new byte[] {1, 2, 3});
    zipped.check();

    assertThat(temporary(), equalTo(before));
  }

  private static List<String> temporary() throws IOException {
    List<String> names = new ArrayList<>();
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("millrace-mds-"))
          .sorted()
          .forEach(names::add);
    }
    return names;
  }
}
