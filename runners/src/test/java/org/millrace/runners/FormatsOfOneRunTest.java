package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run writes in one format, a conversion makes of another that holds as much. */
class FormatsOfOneRunTest {

  @TempDir private Path folder;

  private static Map<String, String> digests(Path dataset, String format) throws IOException {
    TreeMap<String, String> digests = new TreeMap<>(new Dataset(dataset).digests());
    digests.keySet().removeIf(path -> !path.startsWith(format + "/"));
    return digests;
  }

  private static void convert(String... arguments) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int status = Main.run(stream, stream, List.of(arguments));
    assertThat(printed.toString(StandardCharsets.UTF_8), status, is(ExitStatus.DONE));
  }

  /** Labels and masks of padded samples, and of such whose next token is in another one. */
  @Test
  void labelsAndMasksGoFromMdsToHdf5AsTheyWere() throws IOException {
    Path run = folder.resolve("run");
    Dataset.make(
        Dataset.HOME.resolve("testdata/recipes/all-formats.yaml").toString(),
        Dataset.HOME.resolve("testdata/documents").toString(),
        run,
        "--runner=direct",
        "--set=output.mds.size_limit=null");

    convert(
        "convert",
        run.toString(),
        "--from=mds",
        "--to=hdf5",
        "--set=hdf5.naming=examples",
        "--set=hdf5.rows_per_file=1000",
        "--output=" + folder.resolve("converted"));

    assertThat(digests(run, "hdf5").size(), greaterThan(2));
    assertThat(digests(folder.resolve("converted"), "hdf5"), equalTo(digests(run, "hdf5")));
  }
}
