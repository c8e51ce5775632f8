package org.millrace.io.hdf5;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jhdf.HdfFile;
import io.jhdf.api.dataset.ChunkedDataset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.python.Python;
import org.millrace.transforms.data.TokenIds;

/** What readers that are not ours see in our files. */
class Hdf5OtherReadersTest {

  /** Prints all that is known of a file, and checks its values against the generator's. */
  private static final String DESCRIBE =
      """
      import sys, h5py, numpy
      def stream(seed, n):
          x, values = seed, []
          for _ in range(n):
              x = (1103515245 * x + 12345) % 2 ** 31
              values.append((x >> 8) % 32000)
          return values
      with h5py.File(sys.argv[1], "r") as file:
          data, count = file["data"], file.attrs["n_examples"]
          print(list(file), list(file.attrs), type(count).__name__, count, data.shape, data.dtype,
                data.chunks, data.compression, data.compression_opts, data.maxshape == data.shape)
          n, _, length = data.shape
          values = data[()]
          expected = numpy.ones_like(values)
          for i in range(n):
              s = stream(1200 + i, length + 1)
              expected[i, 0], expected[i, 2] = s[:-1], s[1:]
          print((values == expected).all(), data.id.get_num_chunks())
          for i in {0, n // 2, n - 1}:
              assert (data[i] == expected[i]).all()
      """;

  /** The listing of a real file, with its numbers left out. */
  private static final String LISTING =
      """
      GROUP "/" {
         ATTRIBUTE "n_examples" {
            DATATYPE  H5T_STD_I64LE
            DATASPACE  SCALAR
         }
         DATASET "data" {
            DATATYPE  H5T_STD_I32LE
            DATASPACE  SIMPLE { ( %d, 3, %d ) / ( %d, 3, %d ) }
            STORAGE_LAYOUT {
               CHUNKED ( 1, 3, %d )
               SIZE
            }
            FILTERS {
               COMPRESSION DEFLATE { LEVEL 4 }
            }
            FILLVALUE {
               FILL_TIME H5D_FILL_TIME_ALLOC
               VALUE  H5D_FILL_VALUE_DEFAULT
            }
            ALLOCATION_TIME {
               H5D_ALLOC_TIME_INCR
            }
         }
      }
      }
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2048", "64, 2", "65, 64", "4097, 1", "5000, 2"})
  void h5pyReadsEveryValue(int rows, int length) throws Exception {
    Python python = Python.orSkip("h5py", "numpy");

    String seen = python.run(DESCRIBE, Rows.write(folder, rows, length));

    String expected =
        "['data'] ['n_examples'] int64 %d (%d, 3, %d) int32 (1, 3, %d) gzip 4 True\nTrue %d\n";
    assertThat(
        seen, equalTo(String.format(Locale.ROOT, expected, rows, rows, length, length, rows)));
  }

  @Test
  void h5pyReadsWhatIsNotCompressed() throws Exception {
    Python python = Python.orSkip("h5py", "numpy");
    Hdf5Settings settings = Hdf5Settings.of(8, Rows.VOCABULARY).withGzipLevel(0);

    String seen = python.run(DESCRIBE, Rows.write(folder, settings, Rows.rows(66, 8)).get(0));

    String expected = "['data'] ['n_examples'] int64 66 (66, 3, 8) int32 (1, 3, 8) None None True";
    assertThat(seen, equalTo(expected + "\nTrue 66\n"));
  }

  @Test
  void h5dumpListsWhatItListsOfARealFile() throws Exception {
    Path file = Rows.write(folder, 17, 2048);

    String listing = h5dump("-pH", file.toString());

    String comparable = listing.replaceFirst("^HDF5 .*\n", "").replaceFirst("SIZE .*", "SIZE");
    assertThat(comparable, equalTo(String.format(Locale.ROOT, LISTING, 17, 2048, 17, 2048, 2048)));
  }

  @Test
  void h5dumpReadsTheLastRow() throws Exception {
    Path file = Rows.write(folder, 5000, 2);
    TokenIds ids = Rows.row(4999, 2).tokens();

    String dump = h5dump("-d", "data", "-s", "4999,0,0", "-c", "1,1,2", "-y", file.toString());

    assertThat(dump.contains(ids.get(0) + ", " + ids.get(1)), equalTo(true));
  }

  private static String h5dump(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("h5dump"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "needs h5dump: install Debian's package hdf5-tools");
      throw e;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output, process.waitFor(), equalTo(0));
    return output;
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "65, 64", "5000, 2"})
  void jhdfReadsEveryValue(int rows, int length) throws IOException {
    Path path = Rows.write(folder, rows, length);

    try (HdfFile file = new HdfFile(path)) {
      ChunkedDataset data = (ChunkedDataset) file.getDatasetByPath("/data");
      int[][][] values = (int[][][]) data.getData();

      assertThat(file.getAttribute("n_examples").getData(), equalTo((long) rows));
      assertThat(data.getDimensions(), equalTo(new int[] {rows, 3, length}));
      assertThat(data.getChunkDimensions(), equalTo(new int[] {1, 3, length}));
      for (int i = 0; i < rows; i++) {
        assertThat(values[i][0], equalTo(Rows.row(i, length).tokens().toArray()));
        assertThat(values[i][1], equalTo(Rows.row(i, length).mask().toArray()));
        assertThat(values[i][2], equalTo(Rows.row(i, length).labels().toArray()));
      }
    }
  }
}
