package org.millrace.io.mds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.python.Python;

class CompressionTest {

  private static final long NO_LIMIT = Long.MAX_VALUE;

  @TempDir private Path folder;
  private int files;

  private Path file() {
    return folder.resolve("file" + files++);
  }

  private byte[] compress(String compression, byte[] bytes) throws IOException {
    Path zip = file();
    Compression.parse(compression).compress(Files.write(file(), bytes), zip);
    return Files.readAllBytes(zip);
  }

  private byte[] decompress(String compression, byte[] zip, long limit) throws IOException {
    Path raw = file();
    Compression.decompress(
        Compression.parse(compression).family(), new ByteArrayInputStream(zip), raw, limit, "a");
    return Files.readAllBytes(raw);
  }

  /** Of half noise, half repetition. */
  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    Arrays.fill(bytes, length / 2, length, (byte) 'x');
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "br:0", "br:5", "bz2", "bz2:1", "gz", "gz:0", "gz:1", "snappy", "zstd", "zstd:1", "zstd:22"
      })
  void givesBackWhatItTook(String compression) throws IOException {
    for (int length : new int[] {1, 100, 65_536, 1_000_001}) {
      byte[] zip = compress(compression, bytes(length));

      assertThat(decompress(compression, zip, length), equalTo(bytes(length)));
    }
  }

  /** What brotli4j loses of a stream depends on how its blocks lie in its buffers. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 6, 9})
  void brotliKeepsTheEnd(int level) throws IOException {
    for (int kib : new int[] {15, 16, 17, 63, 64, 65, 255, 256, 257, 2000, 2064}) {
      byte[] bytes = new byte[kib * 1024 + 7];
      new Random(kib).ints(bytes.length / 4, 0, 100_000).forEach(new Ids(bytes));

      byte[] zip = compress("br:" + level, bytes);

      assertThat(decompress("br:5", zip, NO_LIMIT), equalTo(bytes));
    }
  }

  /** Puts one id after the other. */
  private static final class Ids implements IntConsumer {
    private final ByteBuffer bytes;

    Ids(byte[] bytes) {
      this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void accept(int id) {
      bytes.putInt(id);
    }
  }

  @Test
  void takesTheLevelsOfStreaming() {
    assertThat(Compression.parse("br").level(), equalTo(11));
    assertThat(Compression.parse("bz2").level(), equalTo(9));
    assertThat(Compression.parse("gz").level(), equalTo(9));
    assertThat(Compression.parse("zstd").level(), equalTo(3));
    assertThat(Compression.parse("zstd:22").level(), equalTo(22));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "br:12",
        "bz2:0",
        "bz2:10",
        "gz:10",
        "snappy:1",
        "zstd:0",
        "zstd:23",
        "zstd:-1",
        "zstd:",
        "zstd:07",
        "zstd:3 ",
        "gzip",
        "",
        "none"
      })
  void refusesOthers(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Compression.parse(text));
    assertThat(e.getMessage(), containsString(text));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 65_792, 131_072, 131_073, 5_000_000})
  void zstdSaysTheSizeOfItsContent(int length) throws IOException {
    byte[] zip = compress("zstd:3", bytes(length));

    assertThat(Zstd.getFrameContentSize(zip), equalTo((long) length));
    assertThat(zip, equalTo(Zstd.compress(bytes(length), 3)));
  }

  @Test
  void gzipSaysNeitherTimeNorName() throws IOException {
    byte[] zip = compress("gz:9", bytes(10));

    assertThat(HexFormat.of().formatHex(zip, 0, 8), equalTo("1f8b080000000000"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"br:5", "bz2", "gz", "snappy", "zstd"})
  void stopsAtTheLimit(String compression) throws IOException {
    byte[] zip = compress(compression, new byte[100_000]);

    IOException e = assertThrows(IOException.class, () -> decompress(compression, zip, 99_999));

    assertThat(e.getMessage(), startsWith("a: "));
    assertThat(e.getMessage(), containsString("99999"));
  }

  /** Cut anywhere, or with a byte changed anywhere, it is refused or gives something bounded. */
  @ParameterizedTest
  @ValueSource(strings = {"br:5", "bz2", "gz", "snappy", "zstd"})
  void refusesDamage(String compression) throws IOException {
    byte[] zip = compress(compression, bytes(2000));
    for (int at = 0; at < zip.length; at++) {
      byte[] cut = Arrays.copyOf(zip, at);
      IOException e =
          assertThrows(IOException.class, () -> decompress(compression, cut, 5000), "cut at " + at);
      assertThat(e.getMessage(), startsWith("a: "));
      byte[] changed = zip.clone();
      changed[at] ^= 0x55;
      try {
        assertThat(decompress(compression, changed, 5000).length <= 5000, equalTo(true));
      } catch (IOException e2) {
        assertThat(e2.getMessage(), startsWith("a: "));
      }
    }
  }

  /** 5 bytes that promise 4 GiB. */
  @Test
  void doesNotTrustTheSizeThatSnappyPromises() {
    byte[] zip = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};

    IOException e = assertThrows(IOException.class, () -> decompress("snappy", zip, NO_LIMIT));

    assertThat(e.getMessage(), containsString("expected at most 110, got 4294967295"));
  }

  @ParameterizedTest
  @CsvSource({
    "br:5, brotli, 'import brotli as m; d = m.decompress'",
    "bz2:9, bz2, 'import bz2 as m; d = m.decompress'",
    "gz:9, gzip, 'import gzip as m; d = m.decompress'",
    "snappy, snappy, 'import snappy as m; d = m.decompress'",
    "zstd:7, zstd, 'import zstd as m; d = m.decompress'"
  })
  void pythonDecompresses(String compression, String module, String load)
      throws IOException, InterruptedException {
    Python python = Python.orSkip(module);
    Path zip = Files.write(file(), compress(compression, bytes(1_000_000)));
    Path raw = Files.write(file(), bytes(1_000_000));

    String same =
        python.run(
            "import sys\n"
                + load
                + "\nprint(d(open(sys.argv[1], 'rb').read()) == open(sys.argv[2], 'rb').read())",
            zip,
            raw);

    assertThat(same.strip(), equalTo("True"));
  }
}
