package org.millrace.io.npy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.column.DType;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.TokenIds;

class DocumentChunksTest {

  @TempDir private Path folder;

  /** Lengths 4095, 4096, 8191 and 8192: 0, 1, 1 and 2 chunks; in one run they would be 5. */
  @Test
  void noChunkGoesOverTheEndOfADocument() throws IOException {
    int[] lengths = {4095, 4096, 8191, 8192};
    int tokens = IntStream.of(lengths).sum();
    byte[] header = NpyHeader.of(DType.UINT16, 5 + tokens).encode();
    ByteBuffer bytes =
        ByteBuffer.allocate(header.length + 2 * (5 + tokens))
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(header)
            .putShort((short) 4);
    DType.UINT16.put(TokenIds.of(lengths), bytes);
    Path file = Files.write(folder.resolve("a.npy"), bytes.array());

    DocumentChunks found = DocumentChunks.of(StoredShards.file(file, "a.npy"), 4096);

    assertThat(found, equalTo(new DocumentChunks(4, tokens, 4)));
    assertThat(found.plus(new DocumentChunks(1, 2, 3)), equalTo(new DocumentChunks(5, tokens + 2, 7)));
  }
}
