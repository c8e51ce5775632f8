package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dataset in which a byte has changed is never called sound. */
class FlippedBytesTest {

  private static final int FLIPS = 1_000;

  @TempDir private static Path folder;

  private static Dataset dataset;

  @BeforeAll
  static void makeDataset() throws IOException {
    Path input = Files.writeString(folder.resolve("in.jsonl"), documents());
    dataset =
        Dataset.make(
            Dataset.HOME.resolve("testdata/recipes/all-formats.yaml").toString(),
            input.toString(),
            folder.resolve("out"),
            "--runner=direct",
            "--set=output.mds.hashes=xxh64");
  }

  private static String documents() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append("{\"text\": \"").append("The wheel turns. ".repeat(2 + i)).append(i);
      lines.append("\"}\n");
    }
    return lines.toString();
  }

  private static String verify(int expected, Path path) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int status = Main.run(stream, stream, List.of("verify", path.toString()));
    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text, status, is(expected));
    return text;
  }

  private static void flip(Path file, long offset, int bits) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int before = bytes.read();
      bytes.seek(offset);
      bytes.write(before ^ bits);
    }
  }

  /**
   * Every file is hashed: by the manifest, which holds the others' hashes and whose own are few.
   */
  @Test
  void everyFlippedByteOfAnyFormatIsFound() throws IOException {
    List<String> paths =
        dataset.paths().stream().filter(path -> !path.equals("manifest.json")).toList();
    long[] sizes = new long[paths.size()];
    long all = 0;
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Files.size(dataset.folder().resolve(paths.get(i)));
      all += sizes[i];
    }
    SplittableRandom random = new SplittableRandom(20);
    for (int i = 0; i < FLIPS; i++) {
      long at = random.nextLong(all);
      int file = 0;
      while (at >= sizes[file]) {
        at -= sizes[file++];
      }
      int bits = 1 + random.nextInt(255);
      Path path = dataset.folder().resolve(paths.get(file));

      flip(path, at, bits);
      String found = verify(ExitStatus.FAILED, dataset.folder());
      flip(path, at, bits);

      assertThat("flip " + i + ", offset " + at, found, containsString(paths.get(file) + ": "));
    }
    verify(ExitStatus.DONE, dataset.folder());
  }

  /** Without the manifest only the hashes of MDS tell of a byte that is as good as another. */
  @Test
  void everyFlippedByteOfAHashedShardIsFoundWithoutAManifest() throws IOException {
    Path mds = dataset.folder().resolve("mds");
    List<Path> shards;
    try (var files = Files.list(mds)) {
      shards = files.filter(file -> !file.endsWith("index.json")).sorted().toList();
    }
    SplittableRandom random = new SplittableRandom(21);
    for (int i = 0; i < FLIPS; i++) {
      Path shard = shards.get(random.nextInt(shards.size()));
      long at = random.nextLong(Files.size(shard));
      int bits = 1 + random.nextInt(255);

      flip(shard, at, bits);
      String found = verify(ExitStatus.FAILED, mds);
      flip(shard, at, bits);

      assertThat("flip " + i + ", offset " + at, found, containsString(shard.getFileName() + ": "));
    }
    verify(ExitStatus.DONE, mds);
  }
}
