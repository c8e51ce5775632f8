package org.millrace.io.hdf5;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.column.TokenRow;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.TokenIds;

/** What is wrong with rows is found, with its place. */
class Hdf5CheckTest {

  /** Where the first chunk begins in our files. */
  private static final int FIRST_CHUNK = 1488;

  /** A row of 4 is a chunk of this size where it is not compressed. */
  private static final int CHUNK_BYTES = 48;

  @TempDir private Path folder;

  private record Row(TokenIds tokens, TokenIds mask, TokenIds labels) implements TokenRow {
    @Override
    public String id() {
      return "row";
    }

    @Override
    public int contentLength() {
      return tokens.length();
    }

    @Override
    public int[] documentEnds() {
      return new int[0];
    }
  }

  private List<String> problems(Row row) throws IOException {
    Row sound = new Row(TokenIds.of(1, 2, 3, 4), TokenIds.of(1, 1, 1, 1), TokenIds.of(2, 3, 4, 9));
    Hdf5Settings settings = Hdf5Settings.of(4, 1000).withGzipLevel(0);
    Path path = Rows.write(folder, settings, List.of(sound, row, sound)).get(0);
    List<Finding> findings = new ArrayList<>();
    StoredShards.check(Hdf5IO.format(), Rows.stored(path), 10, findings::add);
    return findings.stream().map(Finding::problem).toList();
  }

  private static String at(String problem) {
    return "offset " + (FIRST_CHUNK + CHUNK_BYTES) + ": row 1, position " + problem;
  }

  @Test
  void soundRowsAreSound() throws IOException {
    Row padded = new Row(TokenIds.of(1, 2, 0, 0), TokenIds.of(1, 0, 0, 0), TokenIds.of(2, 9, 8, 7));

    assertThat(problems(padded), empty());
  }

  @Test
  void anIdOutsideTheVocabularyIsFound() throws IOException {
    Row row = new Row(TokenIds.of(1, 2, 3, 10), TokenIds.of(1, 1, 0, 0), TokenIds.of(2, 3, 4, 5));

    assertThat(problems(row), contains(at("3: id: expected 0..9, got 10")));
  }

  @Test
  void aLabelOutsideTheVocabularyIsFound() throws IOException {
    Row row = new Row(TokenIds.of(1, 2, 3, 4), TokenIds.of(1, 1, 1, 1), TokenIds.of(2, 3, 4, 10));

    assertThat(problems(row), contains(at("3: label: expected 0..9, got 10")));
  }

  @Test
  void aLabelThatIsNotTheNextIdIsFoundWhereItCounts() throws IOException {
    Row row = new Row(TokenIds.of(1, 2, 3, 4), TokenIds.of(1, 0, 1, 1), TokenIds.of(5, 6, 7, 8));

    assertThat(
        problems(row),
        contains(
            at(
                "0: label: expected 2, the next id, as the loss mask is 1,"
                    + " got 5, and 1 more in the row")));
  }

  @Test
  void aMaskIsNothingButZerosAndOnes() throws IOException {
    // Our writer refuses such a mask, so it is put into the file afterwards.
    Hdf5Settings settings = Hdf5Settings.of(4, Rows.VOCABULARY).withGzipLevel(0);
    Path path = Rows.write(folder, settings, Rows.rows(2, 4)).get(0);
    byte[] bytes = Files.readAllBytes(path);
    bytes[FIRST_CHUNK + CHUNK_BYTES + 16 + 8] = 2;
    Files.write(path, bytes);
    List<Finding> findings = new ArrayList<>();

    Rows.check(path, findings);

    assertThat(
        findings.stream().map(Finding::problem).toList(),
        contains(at("2: loss mask: expected 0 or 1, got 2")));
  }

  @Test
  void bytesBehindTheEndAreFound() throws IOException {
    Path path = Rows.write(folder, 2, 4);
    long end = Files.size(path);
    Files.write(path, new byte[5], StandardOpenOption.APPEND);
    List<Finding> findings = new ArrayList<>();

    ShardReader.Contents contents = Rows.check(path, findings);

    assertThat(contents.samples(), equalTo(2L));
    assertThat(findings, contains(Finding.at("a.h5", end, "bytes behind the end", 0, 5)));
  }
}
