package org.millrace.io.hdf5;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.document.InputFiles;
import org.millrace.io.file.NumberSelector;
import org.millrace.io.python.Python;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.Finding;
import org.millrace.transforms.data.TokenIds;

/** Rows that go from file to file as they are stored. */
class CarriedRowsTest {

  /** Prints the digest of each row's zlib stream, as it is stored; one file after another. */
  private static final String STREAMS =
      """
      import sys, h5py, hashlib
      for path in sys.argv[1:]:
          with h5py.File(path, "r") as file:
              data = file["data"]
              assert file.attrs["n_examples"] == len(data), path
              assert data.dtype == "<i4" and data.shape[1:] == (3, 2048), path
              assert data.chunks == (1, 3, 2048) and data.maxshape == data.shape, path
              assert data.compression == "gzip", path
              for i in range(len(data)):
                  mask, stream = data.id.read_direct_chunk((i, 0, 0))
                  print(mask, hashlib.sha256(stream).hexdigest())
      """;

  @TempDir private Path folder;

  /** What reads the rows of files here. */
  private Hdf5Rows open(Path input) throws IOException {
    return Hdf5Rows.open(
        InputFiles.match(input.toString(), List.of(".h5")).files(),
        file -> Optional.of(file.source()),
        source -> RowSelection.ALL);
  }

  private static List<Hdf5Row> read(Hdf5Rows rows, boolean inPlace, boolean checked)
      throws IOException {
    List<Hdf5Row> read = new ArrayList<>();
    for (int i = 0; i < rows.files().size(); i++) {
      Hdf5RowFile file = rows.files().get(i);
      try (StreamCheck check = new StreamCheck(rows.length(), checked);
          RowStreams streams = new RowStreams(RowDataset.read(file.stored()), 4, check)) {
        for (long row = file.from(); row < file.to(); row++) {
          read.add(ReadRowsFn.row(rows, i, row, streams, inPlace));
        }
      }
    }
    return read;
  }

  private List<Path> write(Hdf5Rows rows, List<Hdf5Row> order, int rowsPerFile, Path target)
      throws IOException {
    Hdf5Settings settings =
        Hdf5Settings.of(rows.length(), Integer.MAX_VALUE).withRowsPerFile(rowsPerFile);
    List<Path> files = new ArrayList<>();
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<Hdf5Row> writer =
            Hdf5IO.carried(rows, false, settings).open(scratch, order.size())) {
      for (Hdf5Row row : order) {
        writer.write(row);
      }
      Files.createDirectories(target);
      for (LocalFile file : writer.finish()) {
        files.add(Files.move(file.path(), target.resolve(file.part() + ".h5")));
      }
      assertThat(writer.counts().get("tokens"), equalTo((long) order.size() * rows.length()));
    }
    return files;
  }

  private static List<List<TokenIds>> readAll(List<Path> files) throws IOException {
    List<List<TokenIds>> rows = new ArrayList<>();
    for (Path file : files) {
      List<Finding> findings = new ArrayList<>();
      Rows.check(file, findings);
      assertThat(findings, empty());
      rows.addAll(Rows.read(file));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theStreamsThatH5pyWroteAreTheSameAfterwards(boolean inPlace) throws Exception {
    Path input = Files.createDirectories(folder.resolve("in"));
    H5pyFiles files = new H5pyFiles(input);
    Path one = files.add("", "create(file, 140, 2048, chunks=(1, 3, 2048), compression=4)");
    Path two = files.add("", "create(file, 3, 2048, chunks=(1, 3, 2048), compression=9)");
    files.write();
    Hdf5Rows rows = open(input);
    List<Hdf5Row> order = read(rows, inPlace, false);
    Collections.reverse(order);

    List<Path> written = write(rows, order, 50, folder.resolve("out"));

    assertThat(rows.wholeRows(), equalTo(143L));
    assertThat(written.size(), equalTo(3));
    assertThat(order.get(0).isCarried(), equalTo(!inPlace));
    Python python = Python.orSkip("h5py", "numpy");
    List<String> before = new ArrayList<>(python.run(STREAMS, one, two).lines().toList());
    Collections.reverse(before);
    assertThat(python.run(STREAMS, written.toArray()).lines().toList(), equalTo(before));
    List<List<TokenIds>> values = new ArrayList<>(H5pyFiles.rows(140, 2048));
    values.addAll(H5pyFiles.rows(3, 2048));
    Collections.reverse(values);
    assertThat(readAll(written), equalTo(values));
  }

  @Test
  void rowsInOtherFormsBecomeStreamsAsWeWriteThem() throws Exception {
    Path input = Files.createDirectories(folder.resolve("in"));
    H5pyFiles files = new H5pyFiles(input);
    files.add("", "create(file, 9, 64, chunks=(5, 1, 32), compression=4)");
    files.add("", "create(file, 9, 64, chunks=(1, 3, 64), compression=4, shuffle=True)");
    files.add("", "create(file, 9, 64, chunks=(1, 3, 64), compression=4, fletcher32=True)");
    files.add("", "create(file, 9, 64, chunks=(1, 3, 64))");
    files.add("", "create(file, 9, 64, chunks=None)");
    files.add("", "create(file, 9, 64, '<i8', chunks=(1, 3, 64), compression=4)");
    files.add("", "create(file, 9, 64, '<u2', chunks=(4, 3, 64), compression=4)");
    files.add("", "create(file, 9, 64, chunks=(1, 3, 64), compression=4)");
    files.write();
    Hdf5Rows rows = open(input);

    List<Path> written = write(rows, read(rows, true, true), 9, folder.resolve("out"));

    assertThat(rows.wholeRows(), equalTo(9L));
    byte[] first = Files.readAllBytes(written.get(0));
    for (Path file : written) {
      assertThat(readAll(List.of(file)), equalTo(H5pyFiles.rows(9, 64)));
      assertThat(Files.readAllBytes(file), equalTo(first));
    }
    assertThat(written.size(), equalTo(8));
  }

  /** So that all that is known of our files holds for those that are carried, too. */
  @Test
  void ourOwnRowsInTheirOwnOrderGiveTheSameFile() throws IOException {
    Path input = Files.createDirectories(folder.resolve("in"));
    Path file = Rows.write(input, 5000, 2);
    Hdf5Rows rows = open(input);

    List<Path> written = write(rows, read(rows, true, false), 0, folder.resolve("out"));

    assertThat(Files.mismatch(written.get(0), file), equalTo(-1L));
  }

  @Test
  void aChunkWithoutItsFilterIsEncoded() throws Exception {
    Path input = Files.createDirectories(folder.resolve("in"));
    Path file =
        H5pyFiles.write(
            input,
            """
            create(file, 3, 8, chunks=(1, 3, 8), compression=4)
            file["data"].id.write_direct_chunk((1, 0, 0), rows(3, 8)[1].tobytes(), filter_mask=1)
            """);
    Hdf5Rows rows = open(input);

    List<Path> written = write(rows, read(rows, true, true), 0, folder.resolve("out"));

    assertThat(Rows.read(file), equalTo(H5pyFiles.rows(3, 8)));
    assertThat(readAll(written), equalTo(H5pyFiles.rows(3, 8)));
  }

  private Path damaged(int at, int... bytes) throws IOException {
    Path input = Files.createDirectories(folder.resolve("in"));
    Path file = Rows.write(input, 5, 64);
    long address;
    try (StreamCheck check = new StreamCheck(64, false);
        RowStreams streams = new RowStreams(RowDataset.read(Rows.stored(file).get(0)), 4, check)) {
      address = streams.find(2).orElseThrow().address();
    }
    byte[] content = Files.readAllBytes(file);
    for (int i = 0; i < bytes.length; i++) {
      content[(int) address + at + i] ^= (byte) bytes[i];
    }
    Files.write(file, content);
    return input;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDamagedHeadIsFoundInAnyCase(boolean inPlace) throws IOException {
    Hdf5Rows rows = open(damaged(0, 0x01));

    IOException e =
        assertThrows(
            IOException.class,
            () -> write(rows, read(rows, inPlace, false), 0, folder.resolve("out")));

    assertThat(
        e.getMessage(),
        allOf(
            containsString("0.h5: offset "),
            containsString("head of the zlib stream: expected one of deflate, as 0x785e, got")));
  }

  @Test
  void damageWithinAStreamIsFoundWhereItIsInflated() throws IOException {
    Hdf5Rows rows = open(damaged(100, 0x55, 0x55));

    assertThat(read(rows, false, false).size(), equalTo(5));
    IOException e = assertThrows(IOException.class, () -> read(rows, false, true));
    assertThat(e.getMessage(), allOf(containsString("0.h5: offset "), containsString("zlib")));
  }

  @Test
  void aFileCutShortIsRefused() throws IOException {
    Path input = Files.createDirectories(folder.resolve("in"));
    Path file = Rows.write(input, 50, 64);
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length / 2));

    IOException e = assertThrows(IOException.class, () -> open(input));

    assertThat(e.getMessage(), containsString("superblock: size of the file: expected"));
  }

  @Test
  void aRowThatWasNeverStoredIsAnError() throws Exception {
    Path input = Files.createDirectories(folder.resolve("in"));
    H5pyFiles.write(
        input,
        """
        data = file.create_dataset("data", (3, 3, 8), "<i4", chunks=(1, 3, 8), compression=4)
        data[0] = rows(3, 8)[0]
        """);
    Hdf5Rows rows = open(input);

    IOException e = assertThrows(IOException.class, () -> read(rows, true, false));

    assertThat(e.getMessage(), containsString("row 1: expected a chunk, got none"));
  }

  @Test
  void refusesFilesThatDoNotGoTogether() throws Exception {
    Path input = Files.createDirectories(folder.resolve("in"));
    H5pyFiles files = new H5pyFiles(input);
    files.add("", "create(file, 9, 64)");
    files.add("", "create(file, 9, 65)");
    files.write();
    Path other = Files.createDirectories(folder.resolve("count"));
    H5pyFiles.write(other, "create(file, 9, 64)\nfile.attrs['n_examples'] = 8");
    Path ids = Files.createDirectories(folder.resolve("ids"));
    H5pyFiles.write(ids, "file['data'] = rows(9, 64)[:, 0]");

    assertThat(
        assertThrows(IOException.class, () -> open(input)).getMessage(),
        equalTo("1.h5: tokens in a row: expected 64, as in 0.h5, got 65"));
    assertThat(
        assertThrows(IOException.class, () -> open(other)).getMessage(),
        containsString("attribute n_examples: expected 9, got 8"));
    assertThat(
        assertThrows(IOException.class, () -> open(ids)).getMessage(),
        containsString("expected rows of ids, mask and labels (millrace convert"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> InputFiles.match(folder + "/in/none.txt", List.of(".h5")))
            .getMessage(),
        containsString("no file there"));
  }

  @Test
  void selectsRowsOfTheFilesPutTogether() throws IOException {
    for (int i = 0; i < 6; i++) {
      Path source = folder.resolve("in/" + (i < 4 ? "a" : "b"));
      Path file = Rows.write(folder.resolve("made" + i), 10 + i, 8);
      Files.createDirectories(source);
      Files.move(file, source.resolve("data-0000" + i + ".h5"));
    }
    RowSelection odd =
        new RowSelection(
            Optional.of(new NumberSelector(2, 1)), new BigDecimal("0.1"), new BigDecimal("0.5"));

    Hdf5Rows rows =
        Hdf5Rows.open(
            InputFiles.match(folder.resolve("in").toString(), List.of(".h5")).files(),
            file -> Optional.of(file.source()),
            source -> source.equals("a") ? odd : RowSelection.ALL);

    // Of a the files 1 and 3 with 11 and 13 rows: 24 rows, of which 2 to 11.
    List<String> wanted = new ArrayList<>();
    for (Hdf5RowFile file : rows.files()) {
      wanted.add(file.path() + " " + file.from() + ".." + file.to() + " from " + file.start());
    }
    assertThat(
        wanted,
        equalTo(
            List.of(
                "a/data-00001.h5 2..11 from 0",
                "a/data-00003.h5 0..1 from 9",
                "b/data-00004.h5 0..14 from 0",
                "b/data-00005.h5 0..15 from 14")));
    assertThat(rows.rowsBySource().toString(), equalTo("{a=10, b=29}"));
  }

  @Test
  void rowsComeThroughTheirCoder() throws IOException {
    Path input = Files.createDirectories(folder.resolve("in"));
    Rows.write(input, 5, 64);
    Hdf5Row row = read(open(input), false, true).get(3);

    Hdf5Row copy = CoderUtils.clone(Hdf5Row.Hdf5RowCoder.of(), row.repeated(2));

    assertThat(copy, equalTo(row.repeated(2)));
    assertThat(copy, not(equalTo(row)));
    assertThat(copy.id(), equalTo("0.h5:3#2"));
    assertThat(copy.position().compareTo(row.repeated(0).position()), equalTo(0));
    assertThat(row.bytes(), lessThan(64 * 12));
  }
}
