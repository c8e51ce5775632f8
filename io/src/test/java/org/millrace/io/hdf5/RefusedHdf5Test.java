package org.millrace.io.hdf5;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of h5py that cannot be read: what is said of them. */
class RefusedHdf5Test {

  private static final String COMPACT =
      """
      plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
      plist.set_layout(h5py.h5d.COMPACT)
      space = h5py.h5s.create_simple((2, 3, 4))
      h5py.h5d.create(file.id, b"data", h5py.h5t.STD_I32LE, space, plist)
      """;

  /** A file that h5py is to write, and what is said of it. */
  private record Refused(String code, String options, String problem) {}

  private static final List<Refused> REFUSED =
      List.of(
          new Refused(
              "create(file, 9, 5)",
              "libver='latest'",
              "version: expected 0 or 1, which libver='earliest'"),
          new Refused(
              "create(file, 9, 5)", "userblock_size=512", "signature: expected 89 48 44 46"),
          new Refused(
              "create(file, 9, 5)",
              "track_order=True",
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
              "shared"),
          new Refused(COMPACT, "", "layout: expected chunked or contiguous, got compact"));

  @TempDir private static Path folder;

  private static final Map<Refused, Path> FILES = new HashMap<>();

  static List<Refused> refused() {
    return REFUSED;
  }

  @BeforeAll
  static void writeAll() throws IOException, InterruptedException {
    H5pyFiles files = new H5pyFiles(folder);
    REFUSED.forEach(refused -> FILES.put(refused, files.add(refused.options, refused.code)));
    files.write();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatItCannotReadItSays(Refused refused) throws IOException {
    Path path = FILES.get(refused);

    IOException error = assertThrows(IOException.class, () -> Rows.open(path));

    assertThat(error.getMessage(), startsWith("a.h5: "));
    assertThat(error.getMessage(), containsString(refused.problem));
  }
}
