package org.millrace.io.npy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.io.column.DType;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.TokenIds;

class NpyDocumentsTest {

  @TempDir private Path folder;

  private StoredFile file(DType dtype, int... elements) throws IOException {
    byte[] header = NpyHeader.of(dtype, elements.length).encode();
    ByteBuffer bytes =
        ByteBuffer.allocate(header.length + dtype.bytes() * elements.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(header);
    dtype.put(TokenIds.of(elements), bytes);
    return StoredShards.file(Files.write(folder.resolve("a.npy"), bytes.array()), "a.npy");
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT16", "INT32", "INT64"})
  void readsAnywhere(DType dtype) throws IOException {
    try (NpyDocuments file = NpyDocuments.open(file(dtype, 3, 2, 0, 3, 7, 8, 9, 10, 11));
        NpyDocuments.Lengths all = file.lengths(0, 0);
        NpyDocuments.Lengths last = file.lengths(2, 2)) {
      assertThat(file.documents(), equalTo(3L));
      assertThat(file.tokens(), equalTo(5L));
      assertThat(all.next(), equalTo(2));
      assertThat(all.next(), equalTo(0));
      assertThat(all.token(), equalTo(2L));
      assertThat(last.next(), equalTo(3));
      assertThat(last.token(), equalTo(5L));
      // Backwards, over the end of a document, and nothing.
      assertThat(file.tokens(2, 3), is(TokenIds.of(9, 10, 11)));
      assertThat(file.tokens(1, 2), is(TokenIds.of(8, 9)));
      assertThat(file.tokens(5, 0), is(TokenIds.of()));
    }
  }

  @Test
  void aFileWithoutDocumentsIsOne() throws IOException {
    try (NpyDocuments file = NpyDocuments.open(file(DType.INT64, 0))) {
      assertThat(file.documents(), equalTo(0L));
      assertThat(file.tokens(), equalTo(0L));
    }
  }

  @Test
  void refusesWhatIsNotThere() throws IOException {
    try (NpyDocuments file = NpyDocuments.open(file(DType.INT64, 2, 2, 9, 7, 8));
        NpyDocuments.Lengths lengths = file.lengths(0, 0)) {
      lengths.next();
      Exception length = assertThrows(IOException.class, lengths::next);
      Exception behind = assertThrows(IOException.class, () -> file.tokens(1, 2));
      Exception before = assertThrows(IOException.class, () -> file.tokens(-1, 2));

      assertThat(
          length.getMessage(),
          equalTo("a.npy: offset 144: length of document 1: expected 0..0, got 9"));
      assertThat(behind.getMessage(), containsString("tokens 1 to 3: expected within 0..2"));
      assertThat(before.getMessage(), containsString("tokens -1 to 1: expected within 0..2"));
    }
  }
}
