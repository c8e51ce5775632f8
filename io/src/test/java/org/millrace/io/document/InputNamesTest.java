package org.millrace.io.document;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputNamesTest {

  @ParameterizedTest
  @CsvSource({
    "arxiv/x.1.jsonl, arxiv/x.1",
    "arxiv/x.1.jsonl.gz, arxiv/x.1",
    "cc/Y.JSONL.ZST, cc/Y",
    "a/b/c.parquet, a/b/c",
    "a.txt.xz, a",
    "a.ndjson.bz2, a",
    "plain, plain",
    "a.jsonl.jsonl, a.jsonl",
    "data.bin.gz, data.bin",
    ".jsonl, .jsonl",
    "a/.jsonl.gz, a/.jsonl.gz",
    "données/x=1+2@3~.txt, données/x=1+2@3~",
    "my data/a b.txt, my%20data/a%20b",
    "a[1]*?{2}.txt, a%5B1%5D%2A%3F%7B2%7D",
    "100%.txt, 100%25",
    "'a:b|<c>\"\\d.txt', a%3Ab%7C%3Cc%3E%22%5Cd",
    "😀.txt, %F0%9F%98%80",
    "../x.txt, %2E%2E/x",
    "a/./x.txt, a/%2E/x",
    "a//x.txt, a/%2F/x",
    "...txt, .."
  })
  void isThePathWithoutItsSuffixes(String path, String name) {
    assertThat(InputNames.of(List.of(path)).names(), contains(name));
  }

  @Test
  void refusesTwoFilesOfOneName() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> InputNames.of(List.of("a/x.jsonl", "b/x.jsonl", "b/x.txt.gz")));

    assertThat(
        e.getMessage(),
        equalTo(
            "the input files b/x.jsonl and b/x.txt.gz would both become b/x; rename one of them"));
  }

  @Test
  void followTheRanksOfTheFiles(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("b"));
    Files.writeString(folder.resolve("b/x.jsonl"), "{}");
    Files.writeString(folder.resolve("c.txt"), "c");
    Files.writeString(folder.resolve("a.jsonl"), "{}");

    InputNames names = InputFiles.match(folder.toString(), DocumentFormat.AUTO).names();

    assertThat(names.paths(), contains("a.jsonl", "b/x.jsonl", "c.txt"));
    assertThat(names.names(), contains("a", "b/x", "c"));
  }
}
