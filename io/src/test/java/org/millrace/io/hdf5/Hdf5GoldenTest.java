package org.millrace.io.hdf5;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredShards;

/** Our files beside one that h5py wrote. */
class Hdf5GoldenTest {

  private static final int ROWS = 300;
  private static final int LENGTH = 64;

  /** Where the file's size stands in the superblock. */
  private static final int END_AT = 0x28;

  /** Where the address of the chunks' index stands in the layout of the dataset. */
  private static final int INDEX_AT = 0x423;

  private static final int HEAD_BYTES = 0x5d0;

  @TempDir private Path folder;

  private static Path golden() {
    Path path =
        Path.of(System.getProperty("millrace.home"), "..", "shared", "data", "golden", "hdf5")
            .resolve("examples_0_0.h5");
    assumeTrue(Files.exists(path), "needs the reference file " + path.getFileName());
    return path;
  }

  @Test
  void readsTheFileOfH5py() throws IOException {
    List<Finding> findings = new ArrayList<>();

    var contents = Rows.check(golden(), findings);

    assertThat(findings, empty());
    assertThat(contents.samples(), equalTo((long) ROWS));
    assertThat(Rows.read(golden()), equalTo(Rows.lines(Rows.rows(ROWS, LENGTH))));
    assertThat(
        contents.digest(),
        equalTo(
            StoredShards.digest(
                Rows.rows(ROWS, LENGTH).stream().map(row -> row.tokens()).toList())));
  }

  @Test
  void headEqualsThatOfH5pyButForTwoAddresses() throws IOException {
    byte[] expected = Arrays.copyOf(Files.readAllBytes(golden()), HEAD_BYTES);
    byte[] file = Files.readAllBytes(Rows.write(folder, ROWS, LENGTH));
    ByteBuffer head = ByteBuffer.wrap(file, 0, HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    // The file has another size, as nodes of the index are full, and its index is at its end.
    ByteBuffer patched = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
    patched.putLong(END_AT, file.length);
    patched.putLong(INDEX_AT, head.getLong(INDEX_AT));

    assertThat(Arrays.copyOf(file, HEAD_BYTES), equalTo(expected));
  }

  @Test
  void chunksEqualThoseOfH5py() throws IOException {
    List<byte[]> expected = chunks(golden());

    List<byte[]> chunks = chunks(Rows.write(folder, ROWS, LENGTH));

    assertThat(chunks.size(), equalTo(ROWS));
    for (int i = 0; i < ROWS; i++) {
      assertThat("row " + i, chunks.get(i), equalTo(expected.get(i)));
    }
  }

  /** The chunks as they are stored. */
  private static List<byte[]> chunks(Path path) throws IOException {
    RowDataset dataset = RowDataset.read(Rows.stored(path).get(0));
    List<byte[]> chunks = new ArrayList<>();
    try (FileBytes file = new FileBytes(dataset.file())) {
      ChunkShape shape = dataset.layout().chunks().orElseThrow();
      ChunkTree tree = new ChunkTree(file, dataset.layout().address(), shape, 64);
      for (int row = 0; row < dataset.rows(); row++) {
        ChunkTree.Chunk chunk = tree.find(row, 0, 0).orElseThrow();
        chunks.add(file.read(chunk.address(), chunk.bytes(), "chunk").data().array());
      }
    }
    return chunks;
  }
}
