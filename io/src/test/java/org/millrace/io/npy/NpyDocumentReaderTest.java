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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.column.DType;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.TokenIds;

class NpyDocumentReaderTest {

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
    return List.of(StoredShards.file(file, "a.npy"));
  }

  private static ShardReader.Contents check(List<StoredFile> shard, List<Finding> findings)
      throws IOException {
    return StoredShards.check(NpyIO.format(), shard, 10, findings::add);
  }

  @Test
  void readsDocumentsOfAnyLength() throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<StoredFile> shard = shard(3, 2, 0, 1, 7, 8, 9);

    List<TokenIds> tokens = List.of(TokenIds.of(7, 8), TokenIds.of(), TokenIds.of(9));
    assertThat(
        check(shard, findings), is(new ShardReader.Contents(3, StoredShards.digest(tokens))));
    assertThat(findings, is(empty()));
    assertThat(StoredShards.tokens(NpyIO.format(), shard, 0), is(tokens));
    assertThat(StoredShards.tokens(NpyIO.format(), shard, 2), is(tokens.subList(2, 3)));
    assertThat(StoredShards.tokens(NpyIO.format(), shard, 3), is(empty()));
  }

  @Test
  void namesTheOffsetOfAnIdOutsideTheVocabulary() throws IOException {
    List<Finding> findings = new ArrayList<>();

    check(shard(1, 2, 9, 10), findings);

    assertThat(
        findings.stream().map(Finding::toString).toList(),
        contains("a.npy: offset 152: id of token 1: expected 0..9, got 10"));
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
          """)
  void refusesLengthsThatDoNotFit(String elements, String problem) throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (String element : elements.split(",")) {
      numbers.add(Long.valueOf(element));
    }
    List<StoredFile> shard = shard(numbers.stream().mapToLong(n -> n).toArray());

    IOException e = assertThrows(IOException.class, () -> check(shard, new ArrayList<>()));
    assertThat(e.getMessage(), is("a.npy: " + problem));
  }

  @Test
  void findsTokensOfNoDocument() throws IOException {
    List<Finding> findings = new ArrayList<>();

    check(shard(1, 1, 1, 1), findings);

    assertThat(findings, contains(Finding.of("a.npy", "sum of lengths", 2, 1)));
  }

  @Test
  void refusesAnotherShape() throws IOException {
    Path file = Files.write(folder.resolve("b.npy"), NpyHeader.of(DType.INT64, 0, 2, 1).encode());
    List<StoredFile> shard = List.of(StoredShards.file(file, "b.npy"));

    IOException e = assertThrows(IOException.class, () -> check(shard, new ArrayList<>()));
    assertThat(e.getMessage(), containsString("got [0, 2, 1] of int64"));
  }
}
