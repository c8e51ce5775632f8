package org.millrace.pipelines.datasets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.beam.sdk.testing.TestPipeline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.document.InputCount;
import org.millrace.io.shard.Manifest;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.LedgerEntry;

/** Finished rows in another order. */
class ShuffleRowsTest {

  @TempDir private Path folder;
  private RowFolders rows;

  @BeforeEach
  void writeEpochs() throws IOException {
    rows = new RowFolders(folder);
    rows.write("epoch_0/data-00000.h5", 1000, 70);
    rows.write("epoch_0/data-00001.h5", 2000, 9);
    rows.write("epoch_1/data-00000.h5", 3000, 64);
    // Without compression: to be encoded anew.
    rows.write("epoch_1/data-00001.h5", 4000, 5, 0);
  }

  private Path output(String name) {
    return folder.resolve(name);
  }

  /** What anyone can compute: the order of the hashes of seed and id. */
  private static List<Integer> expected(long seed) {
    Map<String, Integer> ids = new TreeMap<>();
    IntStream.range(0, 70).forEach(i -> ids.put("epoch_0/data-00000.h5:" + i, 1000 + i));
    IntStream.range(0, 9).forEach(i -> ids.put("epoch_0/data-00001.h5:" + i, 2000 + i));
    IntStream.range(0, 64).forEach(i -> ids.put("epoch_1/data-00000.h5:" + i, 3000 + i));
    IntStream.range(0, 5).forEach(i -> ids.put("epoch_1/data-00001.h5:" + i, 4000 + i));
    Map<OrderKey, Integer> byKey = new TreeMap<>();
    ids.forEach((id, value) -> byKey.put(StableHash.of("shuffle", seed).keyOf(id), value));
    return List.copyOf(byKey.values());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 300})
  void theOrderIsThatOfTheKeysForAnyNumberOfShards(int shards) throws IOException {
    Path output = output("out");

    Manifest manifest = rows.make("shuffle-rows", output, "seed=5", "output.num_shards=" + shards);

    Manifest.Output written = manifest.outputs().get(0);
    assertThat(RowFolders.rows(output, written), equalTo(expected(5)));
    assertThat(written.samples(), equalTo(148L));
    assertThat(written.tokens(), equalTo(148L * RowFolders.LENGTH));
  }

  @Test
  void whatMovesMakesNoDifference() throws IOException {
    rows.make("shuffle-rows", output("places"), "read.moves=places");
    rows.make("shuffle-rows", output("rows"), "read.moves=rows");
    rows.make("shuffle-rows", output("checked"), "read.moves=places", "read.check=true");

    Map<String, String> places = RowFolders.digests(output("places"));
    Map<String, String> others = RowFolders.digests(output("rows"));
    Map<String, String> checked = RowFolders.digests(output("checked"));
    for (Map<String, String> each : List.of(places, others, checked)) {
      each.remove(Manifest.FILE_NAME);
    }
    assertThat(others, equalTo(places));
    assertThat(checked, equalTo(places));
    assertThat(places.size(), equalTo(8));
  }

  @Test
  void countsRowsByFolder() throws IOException {
    Manifest manifest = rows.make("shuffle-rows", output("out"));

    assertThat(
        manifest.ledger().entries(),
        equalTo(
            List.of(
                new LedgerEntry("epoch_0", "read", "read", 79, 0, 0),
                new LedgerEntry("epoch_0", "read", "tokenized", 0, 0, 632),
                new LedgerEntry("epoch_0", "write", "written", 79, 0, 632),
                new LedgerEntry("epoch_1", "read", "read", 69, 0, 0),
                new LedgerEntry("epoch_1", "read", "tokenized", 0, 0, 552),
                new LedgerEntry("epoch_1", "write", "written", 69, 0, 552))));
    assertThat(
        manifest.inputs().stream().map(InputCount::documents).toList(),
        equalTo(List.of(70L, 9L, 64L, 5L)));
  }

  @Test
  void takesFilesByNumberAndAPartOfEachFolder() throws IOException {
    Path output = output("out");

    Manifest manifest =
        rows.make(
            "shuffle-rows",
            output,
            "read.select.modulus=2",
            "read.select.remainder=0",
            "read.subset=0.5-0.75");

    List<Integer> found = RowFolders.rows(output, manifest.outputs().get(0));
    assertThat(
        found.stream().sorted().toList(),
        equalTo(
            IntStream.concat(IntStream.range(1035, 1052), IntStream.range(3032, 3048))
                .boxed()
                .toList()));
    assertThat(
        manifest.inputs().stream().map(InputCount::path).toList(),
        equalTo(List.of("epoch_0/data-00000.h5", "epoch_1/data-00000.h5")));
  }

  @Test
  void otherNamesAndMoreFiles() throws IOException {
    Manifest manifest =
        rows.make(
            "shuffle-rows",
            output("out"),
            "output.num_shards=1",
            "output.hdf5.naming=examples",
            "output.hdf5.rows_per_file=100");

    assertThat(
        manifest.outputs().get(0).files().stream().map(Manifest.File::path).toList(),
        equalTo(List.of("hdf5/examples_0_0.h5", "hdf5/examples_1_0.h5")));
    assertThat(
        manifest.outputs().get(0).files().stream().map(Manifest.File::samples).toList(),
        equalTo(List.of(100L, 48L)));
  }

  @Test
  void saysWhatItIsGoingToDo() throws IOException {
    assertThat(
        rows.plan("shuffle-rows", output("out")).summary(),
        equalTo(
            List.of(
                "148 rows of 8 tokens; 5 are stored in another form, and will be compressed"
                    + " anew")));
  }

  @Test
  void aFileCutShortIsRefusedBeforeTheRun() throws IOException {
    Path file = rows.input().resolve("epoch_1/data-00000.h5");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));

    IOException e = assertThrows(IOException.class, () -> rows.plan("shuffle-rows", output("out")));

    assertThat(
        e.getMessage(),
        containsString("epoch_1/data-00000.h5: offset 40: superblock: size of the file: expected"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"places", "rows"})
  void aFlippedByteEndsTheRunWithoutAManifest(String moves) throws IOException {
    Path file = rows.input().resolve("epoch_0/data-00001.h5");
    byte[] bytes = Files.readAllBytes(file);
    int stream = 0;
    while (bytes[stream] != 0x78 || bytes[stream + 1] != 0x5e) {
      stream++;
    }
    bytes[stream + 20] ^= 0x04;
    Files.write(file, bytes);
    String[] checked = {"read.check=true", "read.moves=" + moves};

    RuntimeException e =
        assertThrows(
            RuntimeException.class, () -> rows.make("shuffle-rows", output("out"), checked));

    assertThat(
        e.toString(),
        allOf(
            containsString("epoch_0/data-00001.h5: offset " + stream),
            containsString("row's zlib stream: zlib stream: expected")));
    assertThat(Files.exists(output("out").resolve(Manifest.FILE_NAME)), equalTo(false));
  }

  @Test
  void aFileThatChangesAfterThePlanEndsTheRun() throws IOException {
    var plan = rows.plan("shuffle-rows", output("out"));
    Files.delete(rows.input().resolve("epoch_0/data-00001.h5"));
    rows.write("epoch_0/data-00001.h5", 2000, 10);
    var pipeline = TestPipeline.create();
    pipeline.enableAbandonedNodeEnforcement(false);
    plan.addTo(pipeline);

    RuntimeException e = assertThrows(RuntimeException.class, pipeline::run);

    assertThat(e.toString(), containsString("epoch_0/data-00001.h5: offset "));
    assertThat(Files.exists(output("out").resolve(Manifest.FILE_NAME)), equalTo(false));
  }

  @Test
  void refusesWhatItCannotSelect() throws IOException {
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> rows.plan("shuffle-rows", output("out"), "read.subset=half"))
            .getMessage(),
        containsString(
            "read: subset must be two parts of 1 with a dash between, as 0.0-0.1, was half"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    rows.plan(
                        "shuffle-rows",
                        output("out"),
                        "read.select.modulus=2",
                        "read.select.remainder=2"))
            .getMessage(),
        containsString("read.select: remainder must be in 0..1"));
    rows.write("epoch_1/more.h5", 0, 1);
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    rows.plan(
                        "shuffle-rows",
                        output("out"),
                        "read.select.modulus=2",
                        "read.select.remainder=1"))
            .getMessage(),
        containsString("epoch_1/more.h5: files are selected by number mod 2 == 1"));
    assertThat(expected(1), not(equalTo(expected(2))));
  }
}
