package org.millrace.io.hdf5;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.millrace.io.python.Python;
import org.millrace.transforms.data.TokenIds;

/** Writes files with h5py, all of a test in one run, as h5py takes its time to start. */
final class H5pyFiles {

  /** Defines {@code rows}, which are those of {@link #rows}, and how a file of them is made. */
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

  private final Path folder;
  private final StringBuilder script = new StringBuilder(PRELUDE);
  private int files;

  H5pyFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Plans a file; it is there after {@link #write}.
   *
   * @param options for the file, as "libver='latest'", or nothing
   * @param code what to do with {@code file}
   */
  Path add(String options, String code) {
    Path path = folder.resolve(files++ + ".h5");
    script.append("with h5py.File(path + '").append(path.getFileName()).append("', 'w', ");
    script.append(options).append(") as file:\n").append(code.stripTrailing().indent(4));
    return path;
  }

  /** Writes all files that were planned. */
  void write() throws IOException, InterruptedException {
    Python.orSkip("h5py", "numpy").run(script.toString(), folder + "/");
  }

  /** Writes one file. */
  static Path write(Path folder, String code) throws IOException, InterruptedException {
    H5pyFiles files = new H5pyFiles(folder);
    Path path = files.add("", code);
    files.write();
    return path;
  }

  static TokenIds ids(int row, int from, int length) {
    return TokenIds.wrap(
        IntStream.range(from, from + length).map(k -> (row * 31 + k * 7) % 100).toArray());
  }

  static TokenIds constant(int value, int length) {
    return TokenIds.wrap(IntStream.range(0, length).map(k -> value).toArray());
  }

  /** The ids, masks and labels of the rows that h5py writes. */
  static List<List<TokenIds>> rows(int n, int length) {
    return IntStream.range(0, n)
        .mapToObj(i -> List.of(ids(i, 0, length), constant(1, length), ids(i, 1, length)))
        .toList();
  }
}
