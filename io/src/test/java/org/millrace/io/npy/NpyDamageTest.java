package org.millrace.io.npy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.io.column.DType;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.TokenIds;

/** Whatever a file holds, a reader gives its tokens or says in an IOException what is wrong. */
class NpyDamageTest {

  @TempDir private Path folder;

  /** Both layouts, with two samples of three ids. */
  enum Layout {
    SEQUENCES(DType.UINT16, new long[] {2, 3}, 7, 8, 9, 4, 5, 6),
    DOCUMENTS(DType.INT64, new long[] {9}, 2, 3, 3, 7, 8, 9, 4, 5, 6);

    private final byte[] bytes;

    Layout(DType dtype, long[] shape, int... elements) {
      byte[] header = NpyHeader.of(dtype, shape).encode();
      ByteBuffer buffer =
          ByteBuffer.allocate(header.length + elements.length * dtype.bytes())
              .order(ByteOrder.LITTLE_ENDIAN)
              .put(header);
      dtype.put(TokenIds.of(elements), buffer);
      this.bytes = buffer.array();
    }
  }

  private List<StoredFile> stored(byte[] bytes) throws IOException {
    return stored(Files.write(folder.resolve("a.npy"), bytes));
  }

  private static List<StoredFile> stored(Path path) throws IOException {
    return List.of(StoredShards.file(path, "a.npy"));
  }

  private static final List<TokenIds> TOKENS = List.of(TokenIds.of(7, 8, 9), TokenIds.of(4, 5, 6));

  private static List<TokenIds> readAll(List<StoredFile> files) throws IOException {
    List<Finding> findings = new ArrayList<>();
    ShardReader.Contents contents = check(files, findings);
    assertThat(findings, empty());
    assertThat(contents, equalTo(new ShardReader.Contents(2, StoredShards.digest(TOKENS))));
    return StoredShards.tokens(NpyIO.format(), files, 0);
  }

  private static ShardReader.Contents check(List<StoredFile> files, List<Finding> findings)
      throws IOException {
    return StoredShards.check(NpyIO.format(), files, 10, findings::add);
  }

  private static void assertRefused(List<StoredFile> files, String what) {
    assertRefused(() -> check(files, new ArrayList<>()), what);
    assertRefused(() -> StoredShards.tokens(NpyIO.format(), files, 1), what);
  }

  private static void assertRefused(Executable read, String what) {
    IOException e = assertThrows(IOException.class, read, what);
    assertThat(what, e.getMessage(), startsWith("a.npy: "));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void readsTheSoundFile(Layout layout) throws IOException {
    assertThat(readAll(stored(layout.bytes)), equalTo(TOKENS));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void refusesAFileThatEndsTooEarlyOrTooLate(Layout layout) throws IOException {
    for (int length = 0; length < layout.bytes.length; length++) {
      List<StoredFile> cut = stored(Arrays.copyOf(layout.bytes, length));
      assertRefused(cut, "cut after " + length + " bytes");
    }
    for (int more : new int[] {1, 2, 8, 1000}) {
      List<StoredFile> longer = stored(Arrays.copyOf(layout.bytes, layout.bytes.length + more));
      assertRefused(longer, more + " bytes too many");
    }
  }

  /** Between the listing and the reading. */
  @ParameterizedTest
  @EnumSource(Layout.class)
  void refusesAFileThatHasBecomeShorter(Layout layout) throws IOException {
    for (int length = 0; length < layout.bytes.length; length++) {
      List<StoredFile> listed = stored(layout.bytes);
      stored(Arrays.copyOf(layout.bytes, length));
      String what = "cut after " + length + " bytes";
      assertThrows(IOException.class, () -> check(listed, new ArrayList<>()), what);
      assertThrows(IOException.class, () -> StoredShards.tokens(NpyIO.format(), listed, 1), what);
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void refusesAFlippedHeaderOrReadsTheSame(Layout layout) throws IOException {
    int refused = 0;
    for (int at = 0; at < 128; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] bytes = layout.bytes.clone();
        bytes[at] ^= (byte) (1 << bit);
        List<StoredFile> files = stored(bytes);
        try {
          assertThat(readAll(files), equalTo(TOKENS));
        } catch (IOException e) {
          refused++;
          assertThat(e.getMessage(), startsWith("a.npy: "));
        }
      }
    }
    // A blank before a number may become a zero, and the line's end another blank.
    assertThat(refused, greaterThanOrEqualTo(128 * 8 - 3));
  }

  @Test
  void refusesAShapeThatTheFileIsTooSmallFor() throws IOException {
    for (long[] shape :
        new long[][] {
          {1L << 62, 1}, {1L << 31, 1L << 31}, {Long.MAX_VALUE, 1}, {1L << 62, 4}, {3, 1L << 40}
        }) {
      byte[] header = NpyHeader.of(DType.UINT16, shape).encode();
      assertRefused(stored(Arrays.copyOf(header, 140)), Arrays.toString(shape));
    }
    byte[] header = NpyHeader.of(DType.INT64, Long.MAX_VALUE).encode();
    assertRefused(stored(Arrays.copyOf(header, 200)), "documents");
  }

  /** The file is a hole: it has its size, and no bytes on the disk. */
  @Test
  void refusesASampleThatDoesNotFitIntoMemory() throws IOException {
    Path path = folder.resolve("hole.npy");
    long tokens = 1L << 29;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(NpyHeader.of(DType.INT64, 2 + tokens).encode());
      file.write(
          ByteBuffer.allocate(16)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(1)
              .putLong(tokens)
              .array());
      file.setLength(128 + 8 * (2 + tokens));
    }

    IOException e =
        assertThrows(IOException.class, () -> StoredShards.tokens(NpyIO.format(), stored(path), 0));

    assertThat(
        e.getMessage(),
        containsString("length of document 0: expected 0..67108864, got 536870912"));
  }
}
