package org.millrace.io.npy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.io.FileSystems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.column.DType;
import org.millrace.io.shard.Finding;
import org.millrace.io.shard.ShardReader;
import org.millrace.io.shard.StoredFile;
import org.millrace.transforms.data.TokenIds;

class NpyDocumentReaderTest {

  private static final ShardReader READER =
      NpyIO.reader(new TreeMap<>(NpyIO.documents(10).properties()));

  @TempDir private Path folder;

  private List<StoredFile> shard(long... elements) throws IOException {
    byte[] header = NpyHeader.of(DType.INT64, elements.length).encode();
    ByteBuffer bytes =
        ByteBuffer.allocate(header.length + Long.BYTES * elements.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(header);
    for (long element : elements) {
      bytes.putLong(element);
    }
    Path file = Files.write(folder.resolve("a.npy"), bytes.array());
    return List.of(
        new StoredFile(
            FileSystems.matchNewResource(file.toString(), false), "a.npy", bytes.capacity()));
  }

  @Test
  void readsDocumentsOfAnyLength() throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<StoredFile> shard = shard(3, 2, 0, 1, 7, 8, 9);

    assertThat(READER.check(shard, 10, findings::add), is(new ShardReader.Contents(3, 3)));
    assertThat(findings, is(empty()));
    assertThat(READER.sample(shard, 0), is(TokenIds.of(7, 8)));
    assertThat(READER.sample(shard, 1), is(TokenIds.of()));
    assertThat(READER.sample(shard, 2), is(TokenIds.of(9)));
    assertThrows(IOException.class, () -> READER.sample(shard, 3));
  }

  @Test
  void namesTheOffsetOfAnIdOutsideTheVocabulary() throws IOException {
    List<String> findings = new ArrayList<>();

    READER.check(shard(1, 2, 9, 10), 10, finding -> findings.add(finding.toString()));

    assertThat(findings, contains("a.npy: offset 152: id of token 1: expected 0..9, got 10"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          4,1,1,1    | offset 128: number of documents: expected 0..3, got 4
          -1,1       | offset 128: number of documents: expected 0..1, got -1
          2,1,5,1,1  | offset 144: length of document 1: expected 0..1, got 5
          1,-3,1     | offset 136: length of document 0: expected 0..1, got -3
          1,1,1,1    | sum of lengths: expected 2, got 1
          """)
  void refusesLengthsThatDoNotFit(String elements, String problem) throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (String element : elements.split(",")) {
      numbers.add(Long.valueOf(element));
    }
    List<StoredFile> shard = shard(numbers.stream().mapToLong(n -> n).toArray());

    IOException e = assertThrows(IOException.class, () -> READER.check(shard, 10, f -> {}));
    assertThat(e.getMessage(), is("a.npy: " + problem));
  }

  @Test
  void refusesAnotherShape() throws IOException {
    Path file = Files.write(folder.resolve("b.npy"), NpyHeader.of(DType.INT64, 0, 2).encode());
    List<StoredFile> shard =
        List.of(
            new StoredFile(
                FileSystems.matchNewResource(file.toString(), false), "b.npy", Files.size(file)));

    IOException e = assertThrows(IOException.class, () -> READER.check(shard, 10, f -> {}));
    assertThat(e.getMessage(), containsString("shape: expected [1 or more] of int64, got [0, 2]"));
  }
}
