package org.millrace.io.hdf5;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
import org.millrace.io.python.Python;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.transforms.data.TokenIds;

/** Files that h5py writes in all its ways. */
class ForeignHdf5Test {

  /** Makes {@code ids}, rows of them, and {@code values}, rows with mask and labels. */
  private static final String PRELUDE =
      """
      import sys, h5py, numpy
      path = sys.argv[1]
      def rows(n, length):
          i, k = numpy.ogrid[:n, :length + 1]
          ids = ((i * 31 + k * 7) % 100).astype("<i4")
          return numpy.stack([ids[:, :-1], numpy.ones((n, length), "<i4"), ids[:, 1:]], axis=1)
      def create(file, n, length, dtype="<i4", **options):
          values = rows(n, length).astype(dtype)
          file.create_dataset("data", data=values, **options)
          file.attrs["n_examples"] = n
      """;

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

  /** A file that h5py is to write, and what is said of it. */
  private record Refused(String code, String options, String problem) {}

  private static final List<Refused> REFUSED =
      List.of(
          new Refused(
              "create(file, 9, 5)",
              ", libver='latest'",
              "version: expected 0 or 1, which libver='earliest'"),
          new Refused(
              "create(file, 9, 5)", ", userblock_size=512", "signature: expected 89 48 44 46"),
          new Refused(
              "create(file, 9, 5)",
              ", track_order=True",
              "version: expected 1, which libver='earliest'"),
          new Refused(
              "create(file, 9, 5, '>i4')",
              "",
              "expected little-endian whole numbers (class 0), got big"),
          new Refused(
              "create(file, 9, 5, '<f4')",
              "",
              "expected little-endian whole numbers (class 0), got class 1"),
          new Refused(
              "create(file, 9, 5, compression='lzf')",
              "",
              "filter: expected deflate (1), shuffle (2)"),
          new Refused(
              "create(file, 9, 5, scaleoffset=0)", "", "filter: expected deflate (1), shuffle (2)"),
          new Refused(
              "file.create_group('date')", "", "root group: expected a dataset data, got none"),
          new Refused(
              "file.create_group('data')",
              "",
              "data: messages: expected one with the datatype, got none"),
          new Refused(
              "file['data'] = h5py.SoftLink('/x')",
              "",
              "object: expected a dataset, got a symbolic link"),
          new Refused(
              "file['data'] = 5",
              "",
              "expected [rows, 3, 1..11184810] or [rows, 1..11184810], got []"),
          new Refused("file['data'] = rows(9, 5)[:, :2]", "", "expected [rows, 3, 1..22369621] or"),
          new Refused("file['data'] = numpy.zeros((2, 0), '<i4')", "", "1..22369621], got [2, 0]"),
          new Refused(
              "file.create_dataset('data', (2**40, 3, 64), '<i4', chunks=(1, 3, 64))",
              "",
              "in a file of"),
          new Refused(
              "file.create_dataset('data', (2**20, 2**10), 'u1', chunks=(2**20, 2**9))",
              "",
              "chunk"),
          new Refused(
              "file['t'] = numpy.dtype('<i4'); file.create_dataset('data', (3, 4), file['t'])",
              "",
              "shared"));

  @TempDir private static Path folder;

  private static Python python;

  static List<Shape> shapes() {
    return SHAPES;
  }

  static List<Refused> refused() {
    return REFUSED;
  }

  /** Makes all files in one run, as h5py takes its time to start. */
  @BeforeAll
  static void writeAll() throws IOException, InterruptedException {
    python = Python.orSkip("h5py", "numpy");
    StringBuilder script = new StringBuilder(PRELUDE);
    for (int i = 0; i < SHAPES.size(); i++) {
      Shape shape = SHAPES.get(i);
      script.append("with h5py.File(path + 'shape").append(i).append(".h5', 'w') as file: ");
      script.append("create(file, ").append(shape.rows).append(", ").append(shape.length);
      script.append(", ").append(shape.options).append(")\n");
    }
    for (int i = 0; i < REFUSED.size(); i++) {
      Refused refused = REFUSED.get(i);
      script.append("with h5py.File(path + 'refused").append(i).append(".h5', 'w'");
      script.append(refused.options).append(") as file: ").append(refused.code).append("\n");
    }
    python.run(script.toString(), folder + "/");
  }

  private static Path file(String name, int number) {
    return folder.resolve(name + number + ".h5");
  }

  private static Path write(String script) throws IOException, InterruptedException {
    Path path = Files.createTempFile(folder, "foreign", ".h5");
    python.run(PRELUDE + script, path);
    return path;
  }

  private static TokenIds ids(int row, int from, int length) {
    return TokenIds.wrap(
        IntStream.range(from, from + length).map(k -> (row * 31 + k * 7) % 100).toArray());
  }

  private static TokenIds constant(int value, int length) {
    return TokenIds.wrap(IntStream.range(0, length).map(k -> value).toArray());
  }

  private static List<List<TokenIds>> rows(int n, int length) {
    return IntStream.range(0, n)
        .mapToObj(i -> List.of(ids(i, 0, length), constant(1, length), ids(i, 1, length)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void readsChunksOfAnyShapeAndFilter(Shape shape) throws IOException {
    Path path = file("shape", SHAPES.indexOf(shape));
    List<Finding> findings = new ArrayList<>();

    ShardReader.Contents contents = Rows.check(path, findings);

    assertThat(findings, empty());
    assertThat(contents.samples(), equalTo((long) shape.rows));
    assertThat(Rows.read(path), equalTo(rows(shape.rows, shape.length)));
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
    Path path =
        write(
            "\nwith h5py.File(path, 'w') as file: create(file, 20, 30, '<"
                + code
                + "', shuffle=True)");
    List<Finding> findings = new ArrayList<>();

    Rows.check(path, findings);

    assertThat(Rows.read(path), equalTo(rows(20, 30)));
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
    Path path = write("\nwith h5py.File(path, 'w') as file: create(file, 0, 5)");

    assertThat(Rows.read(path), empty());
  }

  @Test
  void twoDimensionsAreTokensAlone() throws Exception {
    Path path =
        write(
            """
            with h5py.File(path, 'w') as file:
                file.create_dataset("data", data=rows(40, 100)[:, 0], chunks=(7, 33))
            """);
    List<Finding> findings = new ArrayList<>();

    Rows.check(path, findings);

    assertThat(findings, empty());
    assertThat(
        Rows.read(path),
        equalTo(IntStream.range(0, 40).mapToObj(i -> List.of(ids(i, 0, 100))).toList()));
  }

  @Test
  void whatNoOneWroteIsTheFillValue() throws Exception {
    Path path =
        write(
            """
            with h5py.File(path, 'w') as file:
                data = file.create_dataset("data", (6, 3, 4), "<i4", chunks=(2, 3, 2), fillvalue=258)
                data[2:4] = rows(4, 4)[2:4]
                file.attrs["n_examples"] = 6
            """);
    List<Finding> findings = new ArrayList<>();

    Rows.check(path, findings);

    assertThat(findings.get(0).problem(), containsString("chunks stored: expected 6, got 2"));
    List<List<TokenIds>> read = Rows.read(path);
    assertThat(read.get(1), equalTo(List.of(constant(258, 4), constant(258, 4), constant(258, 4))));
    assertThat(read.subList(2, 4), equalTo(rows(4, 4).subList(2, 4)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunks=(2, 3, 2)", "chunks=None"})
  void dataThatWasNeverWrittenIsZeros(String options) throws Exception {
    Path path =
        write(
            "\nwith h5py.File(path, 'w') as file: "
                + "file.create_dataset('data', (6, 3, 4), '<i4', "
                + options
                + ")");

    assertThat(
        Rows.read(path).get(5), equalTo(List.of(constant(0, 4), constant(0, 4), constant(0, 4))));
  }

  @Test
  void findsTheDatasetAmongManyNames() throws Exception {
    Path path =
        write(
            """
            with h5py.File(path, 'w') as file:
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
    assertThat(Rows.read(path), equalTo(rows(9, 5)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "del file.attrs['n_examples'] | attribute n_examples: expected 9, got none",
        "file.attrs['n_examples'] = 8 | attribute n_examples: expected 9, got 8",
      })
  void theNumberOfRowsMustBeThere(String change, String problem) throws Exception {
    Path path =
        write("\nwith h5py.File(path, 'w') as file:\n    create(file, 9, 5)\n    " + change);
    List<Finding> findings = new ArrayList<>();

    Rows.check(path, findings);

    assertThat(findings.size(), equalTo(1));
    assertThat(findings.get(0).problem(), startsWith("offset "));
    assertThat(findings.get(0).problem(), containsString(problem));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatItCannotReadItSays(Refused refused) throws IOException {
    Path path = file("refused", REFUSED.indexOf(refused));

    IOException error = assertThrows(IOException.class, () -> Rows.open(path));

    assertThat(error.getMessage(), startsWith("a.h5: "));
    assertThat(error.getMessage(), containsString(refused.problem));
  }

  @Test
  void compactDataIsRefused() throws Exception {
    Path path =
        write(
            """
            with h5py.File(path, 'w') as file:
                plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
                plist.set_layout(h5py.h5d.COMPACT)
                space = h5py.h5s.create_simple((2, 3, 4))
                h5py.h5d.create(file.id, b"data", h5py.h5t.STD_I32LE, space, plist)
            """);

    IOException error = assertThrows(IOException.class, () -> Rows.open(path));

    assertThat(
        error.getMessage(), containsString("layout: expected chunked or contiguous, got compact"));
  }

  /** Such files have version 1 of the superblock; h5py has no words for them, its library has. */
  @Test
  void readsAFileWithItsOwnSizeOfNodes() throws Exception {
    Path maps = Path.of("/proc/self/maps");
    assumeTrue(Files.exists(maps), "needs " + maps + " to find the HDF5 library of h5py");
    Path path =
        write(
            """
            import ctypes, re
            maps = open("/proc/self/maps").read()
            library = ctypes.CDLL(re.search(r"/\\S*/libhdf5(?!\\w*_hl)\\S*", maps).group())
            plist = h5py.h5p.create(h5py.h5p.FILE_CREATE)
            assert library.H5Pset_istore_k(ctypes.c_int64(plist.id), 2) >= 0
            assert library.H5Pset_sym_k(ctypes.c_int64(plist.id), 2, 1) >= 0
            with h5py.File(h5py.h5f.create(path.encode(), fcpl=plist)) as file:
                for name in "abcefghijk":
                    file.create_group(name)
                create(file, 40, 5, chunks=(1, 3, 5))
            """);
    List<Finding> findings = new ArrayList<>();

    Rows.check(path, findings);

    assertThat(findings, empty());
    assertThat(Files.readAllBytes(path)[8], equalTo((byte) 1));
    assertThat(Rows.read(path), equalTo(rows(40, 5)));
  }
}
