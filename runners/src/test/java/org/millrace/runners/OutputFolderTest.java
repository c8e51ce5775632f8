package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFolderTest {

  private static final String RUN = "0123456789abcdef0123456789abcdef";

  @TempDir private Path temp;

  private Path put(String... paths) throws IOException {
    Path folder = temp.resolve("out");
    for (String path : paths) {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "x");
    }
    return folder;
  }

  private static void claim(Path folder, boolean overwrite) throws IOException {
    new OutputFolder(folder.toString()).claim(overwrite, RUN);
  }

  private static String refusal(Path folder, boolean overwrite) {
    return assertThrows(UsageException.class, () -> claim(folder, overwrite)).getMessage();
  }

  private static List<String> left(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(path -> !path.equals(folder))
          .map(path -> folder.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void takesAFolderThatIsMissingOrEmpty() throws IOException {
    assertDoesNotThrow(() -> claim(temp.resolve("none"), false));
    assertDoesNotThrow(() -> claim(Files.createDirectory(temp.resolve("empty")), false));
  }

  @Test
  void refusesADatasetThatIsDone() throws IOException {
    Path folder = put("manifest.json", "npy/shard-00000.npy");

    assertThat(refusal(folder, false), containsString("is already done: it holds a manifest.json"));
    assertThat(left(folder), is(List.of("manifest.json", "npy", "npy/shard-00000.npy")));
  }

  @Test
  void refusesWhatADeadRunHasLeft() throws IOException {
    Path folder = put(".temp-1/a-shard-00000.npy");

    assertThat(
        refusal(folder, false),
        containsString("is unfinished, and not by this run: it holds files but no"));
  }

  @Test
  void letsARunGoOnWhereItStopped() throws IOException {
    Path folder =
        put(
            ".temp-" + RUN + "/begun",
            ".temp-" + RUN + "/done-00000",
            ".temp-" + RUN + "/done-00007",
            ".temp-" + RUN + "/a.npy",
            "npy/shard-00000.npy");
    List<String> before = left(folder);

    OptionalInt complete = new OutputFolder(folder.toString()).claim(false, RUN);

    assertThat(complete, is(OptionalInt.of(2)));
    assertThat(left(folder), is(before));
  }

  @Test
  void refusesARunWhereAnotherHasBegunToo() throws IOException {
    Path folder = put(".temp-" + RUN + "/begun", ".temp-1/a.npy");

    assertThat(refusal(folder, false), containsString("is unfinished, and not by this run"));
  }

  @Test
  void marksThatARunHasBegun() throws IOException {
    Path folder = temp.resolve("out");
    OutputFolder output = new OutputFolder(folder.toString());

    output.begin(RUN);

    assertThat(output.claim(false, RUN), is(OptionalInt.of(0)));
    assertThat(output.claim(true, RUN), is(OptionalInt.empty()));
    assertThat(left(folder), is(List.of()));
  }

  @Test
  void overwriteDeletesAllThatIsOurs() throws IOException {
    Path folder =
        put(
            "manifest.json",
            "failures/bad-00000.jsonl",
            ".temp-1/a-shard-00000.npy",
            ".temp-beam-2/x",
            "npy/shard-00000.npy",
            "npy/arxiv/2023/x.1.npy",
            "npy/my%20data/.hidden.npy",
            "hdf5/data-00000.h5",
            "hdf5/data-100000.h5",
            "hdf5/examples_12_3.h5",
            "hdf5/python/data-00000.h5",
            "megatron/a_document.bin",
            "megatron/a_document.idx",
            "megatron/arxiv/x_text_document.bin.000",
            "megatron/arxiv/x_text_document.bin.1000",
            "mds/index.json",
            "mds/shard.00000.mds",
            "mds/shard.00000.mds.zstd",
            "mds/shard.00001.mds.gz",
            "mds/shard.00001.mds.br",
            "mds/shard.00001.mds.bz2",
            "mds/shard.00001.mds.snappy");

    claim(folder, true);

    assertThat(left(folder), is(List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "notes.txt",
        "npy/notes.txt",
        "failures/why.md",
        "sub/manifest.json",
        "npy/sub/notes.txt",
        "hdf5/model.h5",
        "hdf5/sub/model.h5",
        "megatron/weights.bin",
        "megatron/a_document.bin.0",
        "mds/shard.00000.mds.exe",
        "mds/other.json"
      })
  void overwriteRefusesWhereOtherFilesAre(String foreign) throws IOException {
    Path folder = put("manifest.json", foreign);

    assertThat(refusal(folder, true), containsString("that Millrace did not write, as " + foreign));
    assertThat(Files.exists(folder.resolve("manifest.json")), is(true));
    assertThat(Files.exists(folder.resolve(foreign)), is(true));
  }

  @Test
  void refusesAnOutputBelowAFile() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    OutputFolder output = new OutputFolder(file.resolve("out").toString());

    UsageException e = assertThrows(UsageException.class, output::refuseUnwritable);
    assertThat(e.getMessage(), containsString("cannot be written"));
  }

  @Test
  void leavesNothingBehindWhenItCanBeWritten() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("out"));

    new OutputFolder(folder.toString()).refuseUnwritable();

    assertThat(left(folder), is(List.of()));
  }

  @Test
  void refusesAPathThatIsAPattern() {
    UsageException e = assertThrows(UsageException.class, () -> new OutputFolder("/tmp/a*b"));
    assertThat(e.getMessage(), containsString("must be a path without any of * ? [ ] { }"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/data", "/data/", "/data/**.jsonl", "/data/in/..", "/other,/data"})
  void refusesAnOutputThatWouldBeInputOfTheNextRun(String input) {
    OutputFolder output = new OutputFolder("/data/out");

    assertThrows(UsageException.class, () -> output.refuseWithin(List.of(input.split(","))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/data/*.jsonl", "/data/out2", "/dat", "/data/in.jsonl"})
  void takesAnOutputBesideTheInput(String input) {
    assertDoesNotThrow(() -> new OutputFolder("/data/out").refuseWithin(List.of(input)));
  }
}
