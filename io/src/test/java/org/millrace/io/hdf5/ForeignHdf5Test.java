package org.millrace.io.hdf5;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.transforms.data.TokenIds;

/** Files that h5py writes in all its ways. */
class ForeignHdf5Test {

  /** Rows that h5py is to write. */
  private record Shape(int rows, int length, String options) {}

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(17, 2048, "compression='gzip'"),
          new Shape(40, 2048, "chunks=(16, 3, 2048)"),
          new Shape(40, 100, "chunks=(7, 2, 33), compression='gzip'"),
          new Shape(40, 100, "chunks=(7, 2, 33), compression='gzip', shuffle=True"),
          new Shape(
              40, 100, "chunks=(7, 2, 33), compression='gzip', shuffle=True, fletcher32=True"),
          new Shape(9, 5, "chunks=(1, 3, 5), fletcher32=True"),
          new Shape(9, 5, "chunks=(1, 3, 5), shuffle=True"),
          new Shape(9, 5, "chunks=(1, 1, 1)"),
          new Shape(300, 1, "chunks=(1, 1, 1), compression=9"),
          new Shape(9, 64, "chunks=(20, 3, 100), maxshape=(None, None, None)"),
          new Shape(9, 64, "chunks=(2, 3, 64), maxshape=(None, 3, 64), track_times=True"),
          new Shape(9, 64, "fillvalue=7, compression=1"),
          new Shape(40, 100, "chunks=None"));

  @TempDir private static Path shapesFolder;

  @TempDir private Path folder;

  private static final Map<Shape, Path> FILES = new HashMap<>();

  static List<Shape> shapes() {
    return SHAPES;
  }

  @BeforeAll
  static void writeAll() throws IOException, InterruptedException {
    H5pyFiles files = new H5pyFiles(shapesFolder);
    for (Shape shape : SHAPES) {
      String code = "create(file, %d, %d, %s)";
      FILES.put(shape, files.add("", String.format(code, shape.rows, shape.length, shape.options)));
    }
    files.write();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void readsChunksOfAnyShapeAndFilter(Shape shape) throws IOException {
    Path path = FILES.get(shape);
    List<Finding> findings = new ArrayList<>();

    ShardReader.Contents contents = Rows.check(path, findings);

    assertThat(findings, empty());
    assertThat(contents.samples(), equalTo((long) shape.rows));
    assertThat(Rows.read(path), equalTo(H5pyFiles.rows(shape.rows, shape.length)));
  }

  @ParameterizedTest
  @CsvSource({
    "i8, INT64",
    "u8, UINT64",
    "u4, UINT32",
    "i2, INT16",
    "u2, UINT16",
    "i1, INT8",
    "u1, UINT8"
  })
  void readsWholeNumbersOfEveryWidth(String code, DType dtype) throws Exception {
    Path path = H5pyFiles.write(folder, "create(file, 20, 30, '<" + code + "', shuffle=True)");
    List<Finding> findings = new ArrayList<>();

    Rows.check(path, findings);

    assertThat(Rows.read(path), equalTo(H5pyFiles.rows(20, 30)));
    assertThat(
        findings.get(0).problem(),
        containsString("datatype of data: expected int32, got " + dtype.label()));
    assertThat(findings.size(), equalTo(1));
    try (ShardReader reader = Rows.open(path)) {
      assertThat(reader.columns().get(0), equalTo(Column.array("tokens", dtype, List.of(30))));
    }
  }

  @Test
  void aDatasetMayBeWithoutRows() throws Exception {
    Path path = H5pyFiles.write(folder, "create(file, 0, 5)");

    assertThat(Rows.read(path), empty());
  }

  @Test
  void twoDimensionsAreTokensAlone() throws Exception {
    Path path =
        H5pyFiles.write(
            folder,
            """
            file.create_dataset("data", data=rows(40, 100)[:, 0], chunks=(7, 33))
            """);
    List<Finding> findings = new ArrayList<>();

    Rows.check(path, findings);

    assertThat(findings, empty());
    assertThat(
        Rows.read(path),
        equalTo(IntStream.range(0, 40).mapToObj(i -> List.of(H5pyFiles.ids(i, 0, 100))).toList()));
  }

  @Test
  void whatNoOneWroteIsTheFillValue() throws Exception {
    Path path =
        H5pyFiles.write(
            folder,
            """
            data = file.create_dataset("data", (6, 3, 4), "<i4", chunks=(2, 3, 2), fillvalue=258)
            data[2:4] = rows(4, 4)[2:4]
            file.attrs["n_examples"] = 6
            """);
    List<Finding> findings = new ArrayList<>();

    Rows.check(path, findings);

    assertThat(findings.get(0).problem(), containsString("chunks stored: expected 6, got 2"));
    List<List<TokenIds>> read = Rows.read(path);
    assertThat(
        read.get(1),
        equalTo(
            List.of(
                H5pyFiles.constant(258, 4),
                H5pyFiles.constant(258, 4),
                H5pyFiles.constant(258, 4))));
    assertThat(read.subList(2, 4), equalTo(H5pyFiles.rows(4, 4).subList(2, 4)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunks=(2, 3, 2)", "chunks=None"})
  void dataThatWasNeverWrittenIsZeros(String options) throws Exception {
    Path path =
        H5pyFiles.write(folder, "file.create_dataset('data', (6, 3, 4), '<i4', " + options + ")");

    assertThat(
        Rows.read(path).get(5),
        equalTo(
            List.of(H5pyFiles.constant(0, 4), H5pyFiles.constant(0, 4), H5pyFiles.constant(0, 4))));
  }

  @Test
  void findsTheDatasetAmongManyNames() throws Exception {
    Path path =
        H5pyFiles.write(
            folder,
            """
            for i in range(1000):
                file.create_group("%s%d" % ("azd"[i % 3], i))
            for i in range(20):
                file.attrs["some_text_%d" % i] = "x" * 100 * i
            create(file, 9, 5)
            file.attrs["\\u00e9_examples"] = 5
            """);
    List<Finding> findings = new ArrayList<>();

    Rows.check(path, findings);

    assertThat(findings, empty());
    assertThat(Rows.read(path), equalTo(H5pyFiles.rows(9, 5)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "del file.attrs['n_examples'] | attribute n_examples: expected 9, got none",
        "file.attrs['n_examples'] = 8 | attribute n_examples: expected 9, got 8",
      })
  void theNumberOfRowsMustBeThere(String change, String problem) throws Exception {
    Path path = H5pyFiles.write(folder, "create(file, 9, 5)\n" + change);
    List<Finding> findings = new ArrayList<>();

    Rows.check(path, findings);

    assertThat(findings.size(), equalTo(1));
    assertThat(findings.get(0).problem(), startsWith("offset "));
    assertThat(findings.get(0).problem(), containsString(problem));
  }

  /** Such files have version 1 of the superblock; h5py has no words for them, its library has. */
  @Test
  void readsAFileWithItsOwnSizeOfNodes() throws Exception {
    Path maps = Path.of("/proc/self/maps");
    assumeTrue(Files.exists(maps), "needs " + maps + " to find the HDF5 library of h5py");
    Path path = folder.resolve("own.h5");
    H5pyFiles.write(
        folder,
        """
        import ctypes, re
        maps = open("/proc/self/maps").read()
        library = ctypes.CDLL(re.search(r"/\\S*/libhdf5(?!\\w*_hl)\\S*", maps).group())
        plist = h5py.h5p.create(h5py.h5p.FILE_CREATE)
        assert library.H5Pset_istore_k(ctypes.c_int64(plist.id), 2) >= 0
        assert library.H5Pset_sym_k(ctypes.c_int64(plist.id), 2, 1) >= 0
        with h5py.File(h5py.h5f.create((path + "own.h5").encode(), fcpl=plist)) as file:
            for name in "abcefghijk":
                file.create_group(name)
            create(file, 40, 5, chunks=(1, 3, 5))
        """);
    List<Finding> findings = new ArrayList<>();

    Rows.check(path, findings);

    assertThat(findings, empty());
    assertThat(Files.readAllBytes(path)[8], equalTo((byte) 1));
    assertThat(Rows.read(path), equalTo(H5pyFiles.rows(40, 5)));
  }
}
