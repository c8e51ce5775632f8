package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.testing.TestPipeline;
import org.millrace.io.column.TokenRow;
import org.millrace.io.hdf5.Hdf5IO;
import org.millrace.io.hdf5.Hdf5Settings;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.verify.DatasetVerifier;
import org.millrace.io.verify.StoredDataset;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Datasets;
import org.millrace.pipelines.Job;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.hash.StableHash;

/** Folders of HDF5 files whose rows can be told apart, and datasets that are made of them. */
record RowFolders(Path folder) {

  static final int LENGTH = 8;

  /** A row of ids {@code value, value + 1, ...}, of which the last two labels are masked. */
  private record CountedRow(int value) implements TokenRow {
    @Override
    public String id() {
      return "row " + value;
    }

    private TokenIds from(int first) {
      return TokenIds.wrap(IntStream.range(first, first + LENGTH).toArray());
    }

    @Override
    public TokenIds tokens() {
      return from(value);
    }

    @Override
    public TokenIds labels() {
      return from(value + 1);
    }

    @Override
    public TokenIds mask() {
      return TokenIds.wrap(IntStream.range(0, LENGTH).map(i -> i < LENGTH - 2 ? 1 : 0).toArray());
    }

    @Override
    public int contentLength() {
      return LENGTH;
    }

    @Override
    public int[] documentEnds() {
      return new int[0];
    }
  }

  Path input() {
    return folder.resolve("in");
  }

  /** Writes a file of rows that begin with {@code first}, {@code first + 1}, ... */
  Path write(String path, int first, int rows, int gzipLevel) throws IOException {
    Path file = input().resolve(path);
    Files.createDirectories(file.getParent());
    Hdf5Settings settings = Hdf5Settings.of(LENGTH, 1 << 30).withGzipLevel(gzipLevel);
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<TokenRow> writer = Hdf5IO.rows(settings).open(scratch, rows)) {
      for (int i = 0; i < rows; i++) {
        writer.write(new CountedRow(first + i));
      }
      LocalFile written = writer.finish().get(0);
      return Files.move(written.path(), file);
    }
  }

  Path write(String path, int first, int rows) throws IOException {
    return write(path, first, rows, 4);
  }

  DatasetPlan plan(String recipe, Path output, String... overrides) throws IOException {
    return Datasets.plan(
        Datasets.recipe(recipe, List.of(overrides)),
        new Job(input().toString(), output.toString(), ""));
  }

  /** Makes a dataset, checks it, and gives its manifest. */
  Manifest make(String recipe, Path output, String... overrides) throws IOException {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    plan(recipe, output, overrides).addTo(pipeline);
    pipeline.run().waitUntilFinish();
    List<Object> findings = new ArrayList<>();
    DatasetVerifier.verify(StoredDataset.open(output.toString()), 1 << 30, findings::add);
    if (!findings.isEmpty()) {
      throw new AssertionError(findings.toString());
    }
    return Manifest.parse(
        Files.readAllBytes(output.resolve(Manifest.FILE_NAME)), Manifest.FILE_NAME);
  }

  /** The first id of each row of an output, in order. */
  static List<Integer> rows(Path output, Manifest.Output written) throws IOException {
    List<Integer> rows = new ArrayList<>();
    for (Manifest.File file : written.files()) {
      rows.addAll(rows(output.resolve(file.path())));
    }
    return rows;
  }

  private static List<Integer> rows(Path file) throws IOException {
    StoredFile stored =
        new StoredFile(
            FileSystems.matchNewResource(file.toString(), false),
            file.getFileName().toString(),
            Files.size(file));
    List<Integer> rows = new ArrayList<>();
    try (ShardReader reader = Hdf5IO.format().open(List.of(stored));
        SampleCursor samples = reader.read(0)) {
      for (Optional<StoredSample> row = samples.next(); row.isPresent(); row = samples.next()) {
        int value = row.get().ids("tokens", "row").get(0);
        CountedRow expected = new CountedRow(value);
        if (!row.get().ids("tokens", "row").equals(expected.tokens())
            || !row.get().ids("mask", "row").equals(expected.mask())
            || !row.get().ids("labels", "row").equals(expected.labels())) {
          throw new AssertionError(file + ": row " + value + " is not whole");
        }
        rows.add(value);
      }
    }
    return rows;
  }

  /** The SHA-256 of each file below a folder. */
  static Map<String, String> digests(Path output) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.walk(output)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        digests.put(
            output.relativize(file).toString(),
            HexFormat.of().formatHex(StableHash.sha256().digest(Files.readAllBytes(file))));
      }
    }
    return digests;
  }
}
