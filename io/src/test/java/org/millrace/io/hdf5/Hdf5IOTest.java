package org.millrace.io.hdf5;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.TokenRow;
import org.millrace.io.hdf5.Hdf5Settings.FileNames;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardNaming.Place;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.hash.StableHash;

class Hdf5IOTest {

  @TempDir private Path folder;

  @Test
  void rowsHoldIdsMaskAndLabels() throws IOException {
    List<TokenRow> rows =
        List.of(
            TokenRow.of(Rows.sequence(4, OptionalInt.of(1327), 1, 263, 7340, 289)),
            TokenRow.of(Rows.sequence(4, OptionalInt.of(2), 1327, 2, 1, 274)),
            TokenRow.of(Rows.sequence(2, OptionalInt.empty(), 432, 2, 2, 2)));

    Path path = Rows.write(folder, Hdf5Settings.of(4, Rows.VOCABULARY), rows).get(0);

    assertThat(
        Rows.read(path),
        equalTo(
            List.of(
                List.of(
                    TokenIds.of(1, 263, 7340, 289),
                    TokenIds.of(1, 1, 1, 1),
                    TokenIds.of(263, 7340, 289, 1327)),
                List.of(
                    TokenIds.of(1327, 2, 1, 274),
                    TokenIds.of(1, 1, 1, 1),
                    TokenIds.of(2, 1, 274, 2)),
                List.of(
                    TokenIds.of(432, 2, 2, 2), TokenIds.of(1, 0, 0, 0), TokenIds.of(2, 2, 2, 2)))));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2048", "64, 2", "65, 2", "128, 64", "4096, 1", "4097, 1", "5000, 64"})
  void readsWhatItWrote(int count, int length) throws IOException {
    Path path = Rows.write(folder, count, length);
    List<TokenRow> rows = Rows.rows(count, length);
    List<Finding> findings = new ArrayList<>();

    ShardReader.Contents contents = Rows.check(path, findings);

    assertThat(findings, empty());
    assertThat(contents.samples(), equalTo((long) count));
    assertThat(
        contents.digest(),
        equalTo(StoredShards.digest(rows.stream().map(TokenRow::tokens).toList())));
    assertThat(Rows.read(path), equalTo(Rows.lines(rows)));
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "9"})
  void everyGzipLevelHoldsTheSameRows(int level) throws IOException {
    Hdf5Settings settings = Hdf5Settings.of(64, Rows.VOCABULARY).withGzipLevel(level);
    List<Finding> findings = new ArrayList<>();
    Path path = Rows.write(folder, settings, Rows.rows(70, 64)).get(0);

    Rows.check(path, findings);
    assertThat(findings, empty());
    assertThat(Rows.read(path), equalTo(Rows.lines(Rows.rows(70, 64))));
  }

  @Test
  void readsFromAnyRowOn() throws IOException {
    Path path = Rows.write(folder, 70, 4);

    List<TokenIds> last = StoredShards.tokens(Hdf5IO.format(), Rows.stored(path), 68);
    List<StoredSample> none = StoredShards.samples(Hdf5IO.format(), Rows.stored(path), 70);

    assertThat(last, equalTo(List.of(Rows.row(68, 4).tokens(), Rows.row(69, 4).tokens())));
    assertThat(none, empty());
  }

  @Test
  void columnsAreThoseOfTheRow() throws IOException {
    try (ShardReader reader = Rows.open(Rows.write(folder, 2, 8))) {
      assertThat(
          reader.columns(),
          equalTo(
              List.of(
                  Column.array("tokens", DType.INT32, List.of(8)),
                  Column.array("mask", DType.INT32, List.of(8)),
                  Column.array("labels", DType.INT32, List.of(8)))));
      assertThat(reader.samples(), equalTo(2L));
    }
  }

  /** A change of these bytes is a change of every dataset that anyone has made. */
  @ParameterizedTest
  @CsvSource({
    "0, 4720, 55fe879deac47c89cae1eccae328594ac5ce3b65d02c79174a025a4865513ba7",
    "4, 4683, ed83a2b0b81ad616a796c456634fad07696963320016c3a0d58a20f0e1f5342e",
  })
  void bytesStayTheSame(int level, long size, String sha256) throws IOException {
    Hdf5Settings settings = Hdf5Settings.of(4, Rows.VOCABULARY).withGzipLevel(level);
    List<TokenRow> rows =
        List.of(
            TokenRow.of(Rows.sequence(4, OptionalInt.of(1327), 1, 263, 7340, 289)),
            TokenRow.of(Rows.sequence(3, OptionalInt.empty(), 1, 274, 2, 2)));

    byte[] file = Files.readAllBytes(Rows.write(folder, settings, rows).get(0));

    assertThat((long) file.length, equalTo(size));
    assertThat(HexFormat.of().formatHex(StableHash.sha256().digest(file)), equalTo(sha256));
  }

  @Test
  void threadsWriteTheSameBytesAsOne() throws Exception {
    byte[] alone = Files.readAllBytes(Rows.write(folder.resolve("alone"), 500, 256));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Path>> shards = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Path target = folder.resolve("shard" + i);
        shards.add(threads.submit(() -> Rows.write(target, 500, 256)));
      }
      for (Future<Path> shard : shards) {
        assertThat(Files.readAllBytes(shard.get()), equalTo(alone));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void moreRowsThanAFileIsToHoldMakeSeveralFiles() throws IOException {
    Hdf5Settings settings = Hdf5Settings.of(4, Rows.VOCABULARY).withRowsPerFile(3);
    List<TokenRow> rows = Rows.rows(7, 4);

    List<Path> files = Rows.write(folder, settings, rows);

    List<List<TokenIds>> read = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (Path file : files) {
      List<List<TokenIds>> some = Rows.read(file);
      sizes.add(some.size());
      read.addAll(some);
    }
    assertThat(sizes, equalTo(List.of(3, 3, 1)));
    assertThat(read, equalTo(Rows.lines(rows)));
  }

  @Test
  void aFullFileIsFollowedByNoEmptyOne() throws IOException {
    Hdf5Settings settings = Hdf5Settings.of(4, Rows.VOCABULARY).withRowsPerFile(3);
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<TokenRow> writer = Hdf5IO.rows(settings).open(scratch, 6)) {
      for (TokenRow row : Rows.rows(6, 4)) {
        writer.write(row);
      }

      List<LocalFile> files = writer.finish();

      assertThat(files.stream().map(LocalFile::part).toList(), equalTo(List.of(0, 1)));
      assertThat(files.stream().map(LocalFile::samples).toList(), equalTo(List.of(3L, 3L)));
    }
  }

  @Test
  void filesAreNamedAsCerebrasNamesThem() {
    Place place = new Place(7, Optional.empty(), 1, 12, ".h5");
    Hdf5Settings settings = Hdf5Settings.of(4, 10);

    String data = Hdf5IO.rows(settings).naming().fileName(place);
    String examples = Hdf5IO.rows(settings.withNames(FileNames.EXAMPLES)).naming().fileName(place);

    assertThat(data, equalTo("data-00012.h5"));
    assertThat(examples, equalTo("examples_1_7.h5"));
  }

  @Test
  void tellsTokensAndPadding() throws IOException {
    ShardSink<PackedSequence> sink = Hdf5IO.sequences(Hdf5Settings.of(4, 10));
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<PackedSequence> writer = sink.open(scratch, 2)) {
      writer.write(Rows.sequence(4, OptionalInt.of(5), 1, 2, 3, 4));
      writer.write(Rows.sequence(1, OptionalInt.empty(), 1, 0, 0, 0));
      writer.finish();

      assertThat(writer.counts(), equalTo(Map.of("tokens", 5L, "padding", 3L)));
    }
  }

  @Test
  void propertiesTellWhatARowIsAndWhatIsNotKept() {
    assertThat(
        Hdf5IO.rows(Hdf5Settings.of(2048, 10)).properties(),
        equalTo(
            Map.of(
                "dtype", "int32",
                "layout", "[rows, 3, 2048]: ids, mask, labels",
                "not_kept", "document ends")));
  }

  @Test
  void sinksAreSerializable() {
    SerializableUtils.ensureSerializable(Hdf5IO.sequences(Hdf5Settings.of(4, 10)));
    SerializableUtils.ensureSerializable(
        Hdf5IO.rows(Hdf5Settings.of(4, 10).withNames(FileNames.EXAMPLES)).naming());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 10 | 4 | 0 | sequenceLength must be in 1..16777216, was 0",
        "16777217 | 10 | 4 | 0 | sequenceLength must be in 1..16777216, was 16777217",
        "4 | 0 | 4 | 0 | vocabularySize must be 1 or more, was 0",
        "4 | 10 | -1 | 0 | gzipLevel must be in 0..9, was -1",
        "4 | 10 | 10 | 0 | gzipLevel must be in 0..9, was 10",
        "4 | 10 | 4 | -1 | rowsPerFile must be 0 or more, was -1",
      })
  void settingsAreChecked(int length, int vocabulary, int level, int rows, String message) {
    Exception error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Hdf5Settings(length, vocabulary, level, rows, FileNames.DATA));

    assertThat(error.getMessage(), equalTo(message));
  }

  @Test
  void refusesRowsThatDoNotFit() throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<TokenRow> writer = Hdf5IO.rows(Hdf5Settings.of(2, 10)).open(scratch, 1)) {
      Exception longer =
          assertThrows(
              IllegalArgumentException.class,
              () -> writer.write(TokenRow.of(Rows.sequence(3, OptionalInt.empty(), 1, 2, 3))));
      Exception id =
          assertThrows(
              IllegalArgumentException.class,
              () -> writer.write(TokenRow.of(Rows.sequence(2, OptionalInt.empty(), 1, 10))));
      Exception label =
          assertThrows(
              IllegalArgumentException.class,
              () -> writer.write(TokenRow.of(Rows.sequence(2, OptionalInt.of(11), 1, 9))));
      Exception missing = assertThrows(IllegalStateException.class, writer::finish);

      assertThat(longer.getMessage(), equalTo("0/0: expected 2 tokens, got 3"));
      assertThat(id.getMessage(), containsString("0/0: tokens: token id 10"));
      assertThat(label.getMessage(), containsString("0/0: labels: token id 11"));
      assertThat(missing.getMessage(), equalTo("expected 1 samples, got 0"));
    }
  }

  @Test
  void everyFileOfAFolderIsAShard() throws IOException {
    Files.writeString(folder.resolve("b.h5"), "");
    Files.writeString(folder.resolve("a.hdf5"), "");
    Files.writeString(folder.resolve("c.npy"), "");

    List<String> paths =
        Hdf5IO.format().shards(StoredFolder.list(folder.toString()), finding -> {}).stream()
            .map(files -> files.get(0).path())
            .toList();

    assertThat(paths, equalTo(List.of("a.hdf5", "b.h5")));
  }
}
