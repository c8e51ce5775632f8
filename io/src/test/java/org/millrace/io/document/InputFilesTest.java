package org.millrace.io.document;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.file.NumberSelector;

class InputFilesTest {

  @TempDir Path root;

  private void write(String... names) throws IOException {
    for (String name : names) {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  private static List<String> paths(InputFiles files) {
    return files.files().stream().map(InputFile::relativePath).toList();
  }

  private List<String> match(String spec) throws IOException {
    return paths(InputFiles.match(spec, DocumentFormat.AUTO));
  }

  @Test
  void aFolderIsReadWithAllBelowItInTheOrderOfCodeUnits() throws IOException {
    write(
        "b.jsonl",
        "a/z.jsonl.gz",
        "a.jsonl",
        "a/deep/er/x.txt",
        "Z.parquet",
        "\uFFFD.jsonl",
        "\uD83D\uDE00.jsonl");

    InputFiles files = InputFiles.match(root.toString(), DocumentFormat.AUTO);

    assertThat(
        paths(files),
        equalTo(
            List.of(
                "Z.parquet",
                "a.jsonl",
                "a/deep/er/x.txt",
                "a/z.jsonl.gz",
                "b.jsonl",
                "\uD83D\uDE00.jsonl",
                "\uFFFD.jsonl")));
    assertThat(
        files.files().get(3),
        equalTo(new InputFile("a/z.jsonl.gz", root.resolve("a/z.jsonl.gz").toString(), 12, 3, 7)));
    assertThat(files.listing().bytes(), equalTo(7L + 12 + 7 + 15 + 9 + 9 + 10));
    assertThat(match(root + "/"), equalTo(paths(files)));
    assertThat(match("file://" + root), equalTo(paths(files)));
  }

  @Test
  void aFolderIsReadWithoutHiddenFilesAndListsUnknownOnes() throws IOException {
    write(
        "a.jsonl",
        ".hidden.jsonl",
        "_SUCCESS",
        "_temporary/b.jsonl",
        "x/.git/c.jsonl",
        "notes.md",
        "x/data.csv",
        "x/archive.parquet.gz",
        "x/d.JSONL.ZST");

    InputFiles files = InputFiles.match(root.toString(), DocumentFormat.AUTO);
    InputFiles all = InputFiles.match(root.toString(), DocumentFormat.TEXT);

    assertThat(paths(files), equalTo(List.of("a.jsonl", "x/d.JSONL.ZST")));
    assertThat(files.skipped(), equalTo(List.of("notes.md", "x/archive.parquet.gz", "x/data.csv")));
    assertThat(
        paths(all),
        equalTo(
            List.of("a.jsonl", "notes.md", "x/archive.parquet.gz", "x/d.JSONL.ZST", "x/data.csv")));
    assertThat(all.skipped(), equalTo(List.of()));
  }

  @Test
  void theRootIsTheFolderOfAFileAndTheLastOneBeforeAWildcard() throws IOException {
    write("in/a/1.jsonl", "in/b/1.jsonl", "in/b/c/2.jsonl");

    assertThat(match(root + "/in/a/1.jsonl"), equalTo(List.of("1.jsonl")));
    assertThat(match(root + "/in/*/1.jsonl"), equalTo(List.of("a/1.jsonl", "b/1.jsonl")));
    assertThat(match(root + "/in/b/*.jsonl"), equalTo(List.of("1.jsonl")));
    assertThat(match(root + "/in/b/**.jsonl"), equalTo(List.of("1.jsonl", "c/2.jsonl")));
    assertThat(match(root + "/in/b/?.jsonl"), equalTo(List.of("1.jsonl")));
    assertThat(match(root + "/i*/a/1.jsonl"), equalTo(List.of("in/a/1.jsonl")));
  }

  @Test
  void aListHasTheLongestCommonFolderAsItsRootAndEachFileOnce() throws IOException {
    write("in/abc/1.jsonl", "in/abd/1.jsonl", "in/abd/x/2.jsonl");
    String in = root + "/in/";

    assertThat(
        match(in + "abd," + in + "abc/*.jsonl, " + in + "abd/1.jsonl"),
        equalTo(List.of("abc/1.jsonl", "abd/1.jsonl", "abd/x/2.jsonl")));
    assertThat(match(in + "abd/x/2.jsonl," + in + "abd"), equalTo(List.of("1.jsonl", "x/2.jsonl")));
  }

  @Test
  void whatExistsAsItIsWrittenIsTakenSo() throws IOException {
    write(
        "a,b.jsonl",
        "a.jsonl",
        "b.jsonl",
        "x[1].jsonl",
        "x1.jsonl",
        "*.jsonl",
        "dir [1]{2}*?/ü ñ.jsonl",
        "dir [1]{2}*?/b\\c.jsonl",
        "ファイル.jsonl",
        "c, d/e.jsonl");

    assertThat(match(root + "/a,b.jsonl"), equalTo(List.of("a,b.jsonl")));
    assertThat(match(root + "/x[1].jsonl"), equalTo(List.of("x[1].jsonl")));
    assertThat(match(root + "/*.jsonl"), equalTo(List.of("*.jsonl")));
    assertThat(match(root + "/dir [1]{2}*?"), equalTo(List.of("b\\c.jsonl", "ü ñ.jsonl")));
    assertThat(match(root + "/c, d"), equalTo(List.of("e.jsonl")));
    assertThat(match(root + "/ファイル.jsonl"), equalTo(List.of("ファイル.jsonl")));
    assertThat(match(root + "/{a,b}.jsonl"), equalTo(List.of("a.jsonl", "b.jsonl")));
  }

  @Test
  void refusesWhatNamesNothing() throws IOException {
    write("a.md", "b.md");

    for (String spec : List.of(root + "/none.jsonl", root + "/*.jsonl", root + "/none")) {
      IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> match(spec));
      assertThat(e.getMessage(), containsString("input " + spec + ": no file there; give a file"));
    }
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> match(root.toString())).getMessage(),
        containsString("known format, as a.md; set read.format"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> match(root + "/*.md")).getMessage(),
        containsString("set read.format to jsonl, parquet or text"));
    assertThrows(IllegalArgumentException.class, () -> match(" , "));
  }

  @Test
  void theSourceIsTheFirstFolder() {
    assertThat(new InputFile("a/b/c.jsonl", "/x/a/b/c.jsonl", 1, 0, 1).source(), equalTo("a"));
    assertThat(new InputFile("c.jsonl", "/x/c.jsonl", 1, 0, 1).source(), equalTo("corpus"));
  }

  @Test
  void rangesCoverAFileAndSurviveTheirCoder() throws IOException {
    InputFile file = new InputFile("a.jsonl", "/x/a.jsonl", 25, 0, 1);
    List<FileRange> ranges = new java.util.ArrayList<>();

    FileRange.cut(file, DocumentFormat.AUTO, 10, ranges::add);
    FileRange.cut(
        new InputFile("a.jsonl.gz", "/x", 25, 0, 1), DocumentFormat.AUTO, 10, ranges::add);

    assertThat(
        ranges.stream().map(r -> r.start() + "-" + r.end()).toList(),
        equalTo(List.of("0-10", "10-20", "20-25", "0-25")));
    assertThat(
        CoderUtils.clone(FileRange.FileRangeCoder.of(), ranges.get(1)), equalTo(ranges.get(1)));
  }

  @Test
  void pathsOfAFileSystemThatAddsItsHostAreRelativeToo() {
    assertThat(InputMatch.relative("gs://b/in/", "gs://b/in/a/c.jsonl"), equalTo("a/c.jsonl"));
    assertThat(
        InputMatch.relative("hdfs:///in/", "hdfs://host:8020/in/a c.jsonl"), equalTo("a c.jsonl"));
  }

  @Test
  void readsFilesByTheirNumbers() throws IOException {
    write("chunk/train_0.jsonl", "chunk/train_1.jsonl", "chunk/train_2.jsonl.gz");

    InputFiles even =
        InputFiles.match(
            root.toString(), DocumentFormat.AUTO, Optional.of(new NumberSelector(2, 0)));

    assertThat(paths(even), equalTo(List.of("chunk/train_0.jsonl", "chunk/train_2.jsonl.gz")));
    assertThat(even.files().get(1).rank(), equalTo(1L));
    assertThat(even.listing().files(), equalTo(2L));
    Exception none =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                InputFiles.match(
                    root.toString(), DocumentFormat.AUTO, Optional.of(new NumberSelector(9, 7))));
    assertThat(none.getMessage(), containsString("of 3 files none has a number n with n mod 9"));
  }
}
