package org.millrace.io.mds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.column.Column;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;

/** Finds shards and their order, and says what is wrong with their index. */
class MdsFormatTest {

  private static final String INDEX = "index.json";

  @TempDir private Path folder;

  /** A sample for each number, each in a shard of its own. */
  private static MdsFolder write(Path path, String compression, Integer... ids) throws IOException {
    return MdsFolder.write(
        path,
        MdsIO.columns(
            List.of(new MdsColumn<Integer>(new Column("id", "int32"), i -> i)),
            MdsSettings.standard()
                .withSamplesPerShard(1)
                .withCompression(compression)
                .withHashes(List.of("md5"))),
        List.of(ids));
  }

  private static List<Object> ids(MdsFolder mds) throws IOException {
    List<Object> ids = new ArrayList<>();
    for (var sample : mds.samples()) {
      ids.add(sample.value(0));
    }
    return ids;
  }

  private static void change(MdsFolder mds, String from, String to) throws IOException {
    String index = new String(mds.bytes(INDEX), StandardCharsets.UTF_8);
    assertThat(index, containsString(from));
    mds.replace(INDEX, index.replace(from, to).getBytes(StandardCharsets.UTF_8));
  }

  private static void assertFinds(MdsFolder mds, String file, String problem) throws IOException {
    List<String> found =
        mds.check().stream()
            .filter(finding -> finding.file().equals(file))
            .map(Finding::problem)
            .toList();
    assertThat(found, hasItem(containsString(problem)));
  }

  @Test
  void takesTheOrderOfTheIndex() throws IOException {
    MdsFolder mds = write(folder, "none", 5, 6);
    String index = new String(mds.bytes(INDEX), StandardCharsets.UTF_8);
    int middle = index.indexOf("}, {") + 1;
    String swapped =
        "{\"shards\": ["
            + index.substring(middle + 2, index.indexOf("], \"version\": 2}", middle))
            + ", "
            + index.substring("{\"shards\": [".length(), middle)
            + "], \"version\": 2, \"extra\": [1]}";
    mds.replace(INDEX, swapped.getBytes(StandardCharsets.UTF_8));

    assertThat(ids(mds), equalTo(List.of(6L, 5L)));
    assertThat(mds.check(), empty());
  }

  @Test
  void findsFoldersWithAnIndexEach() throws IOException {
    write(folder.resolve("wiki"), "none", 3);
    write(folder.resolve("arxiv"), "none", 1, 2);
    MdsFolder mds = new MdsFolder(folder);

    assertThat(ids(mds), equalTo(List.of(1L, 2L, 3L)));
    assertThat(mds.check(), empty());
  }

  @Test
  void takesTheIndexAboveAllOthers() throws IOException {
    write(folder.resolve("b"), "none", 1);
    write(folder.resolve("a"), "none", 2);
    MdsFolder mds = new MdsFolder(folder);
    String index = new String(mds.bytes("b/index.json"), StandardCharsets.UTF_8);
    String moved = index.replace("\"basename\": \"", "\"basename\": \"b/");
    mds.replace(INDEX, moved.getBytes(StandardCharsets.UTF_8));

    assertThat(ids(mds), equalTo(List.of(1L)));
    assertThat(
        mds.check(), equalTo(List.of(new Finding("a/shard.00000.mds", "is not in the index"))));
  }

  @Test
  void readsShardsWithoutAnIndexInTheOrderOfTheirNumbers() throws IOException {
    MdsFolder mds = write(folder, "zstd", 1, 2, 3);
    Files.delete(folder.resolve(INDEX));
    Files.move(folder.resolve("shard.00001.mds.zstd"), folder.resolve("shard.100000.mds.zstd"));
    Files.move(folder.resolve("shard.00002.mds.zstd"), folder.resolve("shard.99999.mds.zstd"));

    assertThat(ids(mds), equalTo(List.of(1L, 3L, 2L)));
    assertThat(
        mds.check(),
        equalTo(
            List.of(
                new Finding(INDEX, "is missing or damaged: repair rebuilds it from the shards"))));
  }

  @Test
  void seesNothingWhereNothingOfMdsIs() throws IOException {
    Files.writeString(folder.resolve(INDEX), "{\"files\": []}");
    Files.writeString(folder.resolve("a.npy"), "no");
    MdsFolder mds = new MdsFolder(folder);
    List<Finding> findings = new ArrayList<>();

    assertThat(MdsIO.format().shards(mds.stored(), findings::add), empty());
    assertThat(findings, empty());
  }

  @ParameterizedTest
  @CsvSource({
    "'\"version\": 2}', '\"version\": 3}', 'expected an index of MDS with version 2'",
    "'{\"shards\"', '{\"shard\"', 'expected an index of MDS with shards'",
    "'{\"shards\": [', '{\"shards\": [,', 'expected JSON'",
    "'\"samples\": 1, ', '', 'shard 0: shard: expected the keys'",
    "'\"samples\": 1, ', '\"samples\": 1, \"size\": 1, ', 'shard 0: shard: expected the keys'",
    "'\"samples\": 1', '\"samples\": -1', 'samples: expected 0 or more, got -1'",
    "'\"samples\": 1', '\"samples\": 0', 'shard 0: samples: expected 1 or more, got 0'",
    "'\"basename\": \"shard.00000.mds\", ', '', 'raw_data: expected the keys'",
    "'\"shard.00000.mds\"', '\"../shard.00000.mds\"', 'expected a basename inside the folder'",
    "'\"shard.00000.mds\"', '\"/shard.00000.mds\"', 'expected a basename inside the folder'",
    "'\"shard.00000.mds\"', '\"a\\\\b.mds\"', 'expected a basename inside the folder'",
    "'\"shard.00000.mds\"', '\"\"', 'expected a basename inside the folder'",
    "'\"shard.00000.mds\"', '\"gs://x/y.mds\"', 'expected a basename inside the folder'",
    "'\"shard.00000.mds\"', '\"shard.00001.mds\"', 'shard.00001.mds once more'",
    "'\"zip_data\": null', '\"zip_data\": {\"basename\": \"a\", \"bytes\": 1, \"hashes\": {}}',"
        + " 'zip_data: expected as for compression none'",
    "'\"version\": 2, \"zip', '\"version\": 1, \"zip', 'version: expected 2, got 1'"
  })
  void findsWhatIsWrongWithTheIndex(String from, String to, String problem) throws IOException {
    MdsFolder mds = write(folder, "none", 1, 2);
    change(mds, from, to);

    assertFinds(mds, INDEX, problem);
  }

  @Test
  void findsWhatDoesNotAgreeWithTheIndex() throws IOException {
    MdsFolder mds = write(folder, "zstd", 1, 2);
    String first = "shard.00000.mds.zstd";
    change(mds, "\"samples\": 1", "\"samples\": 7");
    assertFinds(mds, first, "samples: expected 7, got 1");
    change(mds, "\"size_limit\": 67108864", "\"size_limit\": null");
    assertFinds(mds, first, "config, size_limit: expected null, got 67108864");
    byte[] shard = mds.bytes(first);
    mds.replace(first, Arrays.copyOf(shard, shard.length + 1));
    assertFinds(mds, first, "bytes: expected " + shard.length + ", got " + (shard.length + 1));
    Files.delete(folder.resolve(first));
    assertFinds(mds, first, "is missing");
    Files.write(folder.resolve("shard.00009.mds.gz"), shard);
    assertFinds(mds, "shard.00009.mds.gz", "is not in the index");
  }

  @Test
  void takesShardsThatAReaderLeftDecompressed() throws IOException {
    MdsFolder mds = write(folder, "gz", 1);
    Path zip = folder.resolve("shard.00000.mds.gz");
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(zip))) {
      mds.replace("shard.00000.mds", in.readAllBytes());
    }

    assertThat(mds.check(), empty());
    String index = new String(mds.bytes(INDEX), StandardCharsets.UTF_8);
    assertThat(
        new String(MdsIO.rebuildIndex(mds.stored()), StandardCharsets.UTF_8), equalTo(index));
    Files.delete(zip);
    assertThat(ids(mds), equalTo(List.of(1L)));
    assertFinds(mds, "shard.00000.mds.gz", "is missing");
    IOException e = assertThrows(IOException.class, () -> MdsIO.rebuildIndex(mds.stored()));
    assertThat(e.getMessage(), containsString("name for the compression in its config"));
  }

  @Test
  void rebuildsNoIndexOfDamagedShards() throws IOException {
    MdsFolder mds = write(folder, "none", 1, 2);
    byte[] shard = mds.bytes("shard.00001.mds");
    mds.replace("shard.00001.mds", Arrays.copyOf(shard, shard.length - 1));

    IOException e = assertThrows(IOException.class, () -> MdsIO.rebuildIndex(mds.stored()));

    assertThat(e.getMessage(), containsString("shard.00001.mds"));
    for (int i = 0; i < 2; i++) {
      Files.delete(folder.resolve("shard.0000" + i + ".mds"));
    }
    assertThrows(IOException.class, () -> MdsIO.rebuildIndex(mds.stored()));
  }

  @Test
  void rebuildsOneIndexForAllFolders() throws IOException {
    write(folder.resolve("a"), "none", 1);
    write(folder.resolve("b"), "br:1", 2);
    MdsFolder mds = new MdsFolder(folder);

    mds.replace(INDEX, MdsIO.rebuildIndex(mds.stored()));

    assertThat(ids(mds), equalTo(List.of(1L, 2L)));
    assertThat(mds.check(), empty());
  }

  @Test
  void findsShardsInAPartOfADataset() throws IOException {
    write(folder.resolve("mds"), "none", 4);
    StoredFolder part = StoredFolder.list(folder.toString()).below("mds");
    List<Finding> findings = new ArrayList<>();

    List<List<StoredFile>> shards = MdsIO.format().shards(part, findings::add);

    assertThat(shards.get(0).get(0).path(), equalTo("mds/shard.00000.mds"));
    assertThat(findings, empty());
  }
}
