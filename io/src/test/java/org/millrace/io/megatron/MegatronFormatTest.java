package org.millrace.io.megatron;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;

class MegatronFormatTest {

  @TempDir private Path folder;

  private final List<String> findings = new ArrayList<>();

  private void files(String... names) throws IOException {
    for (String name : names) {
      Path path = folder.resolve(name);
      Files.createDirectories(path.getParent());
      Files.write(path, new byte[] {1});
    }
  }

  private List<List<String>> shards() throws IOException {
    return MegatronIO.format()
        .shards(StoredFolder.list(folder.toString()), finding -> findings.add(finding.toString()))
        .stream()
        .map(shard -> shard.stream().map(StoredFile::path).toList())
        .toList();
  }

  @Test
  void pairsAreFoundInTheOrderOfTheirNames() throws IOException {
    files("b.bin", "b.idx", "a_2.idx", "a_2.bin", "a_10.bin", "a_10.idx", "x/c.idx", "x/c.bin");
    files("manifest.json", "c.idx.txt");

    assertThat(
        shards(),
        equalTo(
            List.of(
                List.of("a_10.idx", "a_10.bin"),
                List.of("a_2.idx", "a_2.bin"),
                List.of("b.idx", "b.bin"),
                List.of("x/c.idx", "x/c.bin"))));
    assertThat(findings, empty());
  }

  @Test
  void filesWithoutTheirPartnersAreFound() throws IOException {
    files("a.idx", "b.bin", "c.bin.000", "d.idx", "d.bin.gz2", "e.idx", "e.bin");

    assertThat(shards(), equalTo(List.of(List.of("e.idx", "e.bin"))));
    assertThat(
        findings,
        equalTo(
            List.of(
                "b.bin: beside it: expected b.idx, got none",
                "c.bin.000: beside it: expected c.idx, got none",
                "a.idx: beside it: expected a.bin, got none",
                "d.idx: beside it: expected d.bin, got none")));
  }

  @ParameterizedTest
  @CsvSource({"'000 001 010'", "'aa ab ba'", "'00'", "'0 1 9'"})
  void partsComeInTheOrderOfTheirNames(String suffixes) throws IOException {
    List<String> names = Arrays.stream(suffixes.split(" ")).map(s -> "a.bin." + s).toList();
    files("a.idx");
    files(names.toArray(String[]::new));

    List<String> expected = new ArrayList<>(List.of("a.idx"));
    expected.addAll(names);
    assertThat(shards(), equalTo(List.of(expected)));
    assertThat(findings, empty());
  }

  @Test
  void partsWithoutACertainOrderAreFound() throws IOException {
    files("a.idx", "a.bin.9", "a.bin.10");

    assertThat(shards(), empty());
    assertThat(
        findings,
        equalTo(List.of("a.bin.10: parts: expected names of one length, got different lengths")));
  }

  @Test
  void partsBesideTheWholeAreFound() throws IOException {
    files("a.idx", "a.bin", "a.bin.00", "a.bin.01");

    assertThat(shards(), equalTo(List.of(List.of("a.idx", "a.bin"))));
    assertThat(
        findings,
        equalTo(
            List.of(
                "a.bin: beside it: expected no a.bin.*, got 2 parts as well, which are not"
                    + " read")));
  }
}
