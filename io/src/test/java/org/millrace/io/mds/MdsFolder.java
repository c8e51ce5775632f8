package org.millrace.io.mds;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.millrace.io.shard.IndexedFile;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardFile;
import org.millrace.io.shard.ShardNaming;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredSample;

/** A folder of MDS, written and read as a dataset's would be. */
record MdsFolder(Path path) {

  /** The folder of that name that the real writer made; its user is skipped where there is none. */
  static MdsFolder golden(String name) {
    Path path =
        Path.of(System.getProperty("millrace.home", "."), "..", "shared", "data", "golden", "mds")
            .resolve(name);
    assumeTrue(Files.exists(path), "needs the golden folder " + name + ", which is not here");
    return new MdsFolder(path.toAbsolutePath().normalize());
  }

  /** Writes each list of samples as a shard of a dataset. */
  @SafeVarargs
  static <T> MdsFolder write(Path path, ShardSink<T> sink, List<T>... shards) throws IOException {
    List<IndexedFile> files = new ArrayList<>();
    for (int shard = 0; shard < shards.length; shard++) {
      try (ShardScratch scratch = ShardScratch.create();
          ShardWriter<T> writer = sink.open(scratch, shards[shard].size())) {
        for (T sample : shards[shard]) {
          writer.write(sample);
        }
        for (LocalFile file : writer.finish()) {
          String name =
              sink.naming()
                  .fileName(
                      new ShardNaming.Place(
                          shard, Optional.empty(), file.part(), files.size(), file.extension()));
          long bytes = Files.size(file.path());
          Files.createDirectories(path);
          Files.move(file.path(), path.resolve(name));
          files.add(
              new IndexedFile(
                  name,
                  new ShardFile(
                      file.part(),
                      file.extension(),
                      name,
                      bytes,
                      "",
                      file.samples(),
                      file.facts())));
        }
      }
    }
    for (Map.Entry<String, byte[]> file : sink.index(files).entrySet()) {
      Files.write(path.resolve(file.getKey()), file.getValue());
    }
    return new MdsFolder(path);
  }

  /** All files by their paths. */
  TreeMap<String, byte[]> files() throws IOException {
    TreeMap<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(path)) {
      walk.filter(Files::isRegularFile)
          .forEach(
              file -> {
                try {
                  files.put(path.relativize(file).toString(), Files.readAllBytes(file));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
    return files;
  }

  byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(path.resolve(name));
  }

  void replace(String name, byte[] bytes) throws IOException {
    Files.write(path.resolve(name), bytes);
  }

  StoredFolder stored() throws IOException {
    return StoredFolder.list(path.toString());
  }

  /** All that the format finds wrong with it. */
  List<Finding> check(long vocabularySize) throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (List<StoredFile> shard : MdsIO.format().shards(stored(), findings::add)) {
      try (ShardReader reader = MdsIO.format().open(shard)) {
        reader.check(vocabularySize, findings::add);
      } catch (IOException e) {
        findings.add(new Finding(shard.get(0).path(), "cannot be read: " + e.getMessage()));
      }
    }
    return findings;
  }

  List<Finding> check() throws IOException {
    return check(Long.MAX_VALUE);
  }

  /** All samples. */
  List<StoredSample> samples() throws IOException {
    List<StoredSample> samples = new ArrayList<>();
    for (List<StoredFile> shard : MdsIO.format().shards(stored(), finding -> {})) {
      try (ShardReader reader = MdsIO.format().open(shard);
          SampleCursor cursor = reader.read(0)) {
        for (Optional<StoredSample> next = cursor.next(); next.isPresent(); next = cursor.next()) {
          samples.add(next.get());
        }
      }
    }
    return samples;
  }
}
