package org.millrace.io.npy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
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
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.io.FileSystems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.io.column.DType;
import org.millrace.io.shard.ShardReader;
import org.millrace.io.shard.StoredFile;
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

    private ShardReader reader() {
      return NpyIO.reader(
          new TreeMap<>(
              (this == SEQUENCES ? NpyIO.sequences(3, 10) : NpyIO.documents(10)).properties()));
    }
  }

  private List<StoredFile> stored(byte[] bytes) throws IOException {
    return stored(Files.write(folder.resolve("a.npy"), bytes));
  }

  private static List<StoredFile> stored(Path path) throws IOException {
    return List.of(
        new StoredFile(
            FileSystems.matchNewResource(path.toString(), false), "a.npy", Files.size(path)));
  }

  private static TokenIds readAll(Layout layout, List<StoredFile> files) throws IOException {
    ShardReader.Contents contents = layout.reader().check(files, 10, finding -> {});
    assertThat(contents, equalTo(new ShardReader.Contents(2, 6)));
    assertThat(layout.reader().sample(files, 0), equalTo(TokenIds.of(7, 8, 9)));
    return layout.reader().sample(files, 1);
  }

  private static void assertRefused(Layout layout, List<StoredFile> files, String what) {
    assertRefused(() -> layout.reader().check(files, 10, finding -> {}), what);
    assertRefused(() -> layout.reader().sample(files, 1), what);
  }

  private static void assertRefused(Executable read, String what) {
    IOException e = assertThrows(IOException.class, read, what);
    assertThat(what, e.getMessage(), startsWith("a.npy: "));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void readsTheSoundFile(Layout layout) throws IOException {
    assertThat(readAll(layout, stored(layout.bytes)), equalTo(TokenIds.of(4, 5, 6)));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void refusesAFileThatEndsTooEarlyOrTooLate(Layout layout) throws IOException {
    for (int length = 0; length < layout.bytes.length; length++) {
      List<StoredFile> cut = stored(Arrays.copyOf(layout.bytes, length));
      assertRefused(layout, cut, "cut after " + length + " bytes");
    }
    for (int more : new int[] {1, 2, 8, 1000}) {
      List<StoredFile> longer = stored(Arrays.copyOf(layout.bytes, layout.bytes.length + more));
      assertRefused(layout, longer, more + " bytes too many");
    }
  }

  /** Between the listing and the reading. */
  @ParameterizedTest
  @EnumSource(Layout.class)
  void refusesAFileThatHasBecomeShorter(Layout layout) throws IOException {
    for (int length = 0; length < layout.bytes.length; length++) {
      List<StoredFile> listed = stored(layout.bytes);
      stored(Arrays.copyOf(layout.bytes, length));
      ShardReader reader = layout.reader();
      String what = "cut after " + length + " bytes";
      assertThrows(IOException.class, () -> reader.check(listed, 10, finding -> {}), what);
      assertThrows(IOException.class, () -> reader.sample(listed, 1), what);
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
          assertThat(readAll(layout, files), equalTo(TokenIds.of(4, 5, 6)));
        } catch (IOException e) {
          refused++;
          assertThat(e.getMessage(), startsWith("a.npy: "));
        }
      }
    }
    // A blank before a number may become a zero.
    assertThat(refused, greaterThanOrEqualTo(128 * 8 - 2));
  }

  @Test
  void refusesAShapeThatTheFileIsTooSmallFor() throws IOException {
    for (long[] shape :
        new long[][] {
          {1L << 62, 1}, {1L << 31, 1L << 31}, {Long.MAX_VALUE, 1}, {1L << 62, 4}, {3, 1L << 40}
        }) {
      byte[] header = NpyHeader.of(DType.UINT16, shape).encode();
      assertRefused(Layout.SEQUENCES, stored(Arrays.copyOf(header, 140)), Arrays.toString(shape));
    }
    byte[] header = NpyHeader.of(DType.INT64, Long.MAX_VALUE).encode();
    assertRefused(Layout.DOCUMENTS, stored(Arrays.copyOf(header, 200)), "documents");
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
        assertThrows(IOException.class, () -> Layout.DOCUMENTS.reader().sample(stored(path), 0));

    assertThat(e.getMessage(), containsString("expected 67108864 ids at most, got 536870912"));
  }
}
