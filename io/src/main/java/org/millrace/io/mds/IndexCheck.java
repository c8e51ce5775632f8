package org.millrace.io.mds;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;

/** Holds what an index says of a shard against the shard. */
final class IndexCheck {

  private final MdsShardReader reader;
  private final Consumer<Finding> findings;

  private IndexCheck(MdsShardReader reader, Consumer<Finding> findings) {
    this.reader = reader;
    this.findings = findings;
  }

  static void check(MdsShardReader reader, Consumer<Finding> findings) throws IOException {
    if (reader.index().isPresent()) {
      Optional<MdsEntry> entry = find(reader.index().get(), reader.stored());
      if (entry.isPresent()) {
        new IndexCheck(reader, findings).check(entry.get());
      }
    }
  }

  private static Optional<MdsEntry> find(StoredFile index, StoredFile shard) throws IOException {
    String folder = MdsFormat.folder(index);
    List<MdsEntry> found = new ArrayList<>();
    MdsIndex.read(
        index,
        (number, json) -> {
          for (String key : List.of("zip_data", "raw_data")) {
            if (shard.path().equals(folder + json.path(key).path("basename").asText())) {
              found.add(MdsEntry.parse(json));
              return false;
            }
          }
          return true;
        });
    return found.stream().findFirst();
  }

  private void check(MdsEntry entry) throws IOException {
    RawShard shard = reader.shard();
    TreeMap<String, Object> expected = entry.config().toJson();
    TreeMap<String, Object> got = shard.config().toJson();
    for (Map.Entry<String, Object> each : expected.entrySet()) {
      expect("config, " + each.getKey(), each.getValue(), got.get(each.getKey()));
    }
    expect("samples", entry.samples(), shard.samples());
    expect("bytes before compression", entry.raw().bytes(), shard.file().bytes());
    hashes("before compression", entry.raw().hashes(), shard.file());
    boolean zipped = !shard.file().resource().equals(reader.stored().resource());
    if (zipped && entry.zip().isPresent()) {
      hashes("of the compressed file", entry.zip().get().hashes(), reader.stored());
    }
  }

  private void hashes(String what, Map<String, String> expected, StoredFile file)
      throws IOException {
    List<String> known = expected.keySet().stream().filter(Hashes.NAMES::contains).toList();
    for (String name : expected.keySet()) {
      if (!known.contains(name)) {
        findings.accept(
            Finding.of(file.path(), "hash in the index", "one of " + Hashes.NAMES, name));
      }
    }
    if (known.isEmpty()) {
      return;
    }
    try (InputStream in = file.stream()) {
      Hashes.of(in, known)
          .forEach((name, hex) -> expect(name + " " + what, expected.get(name), hex));
    }
  }

  private void expect(String what, Object expected, Object got) {
    if (!String.valueOf(expected).equals(String.valueOf(got))) {
      findings.accept(Finding.of(reader.stored().path(), what, expected, got));
    }
  }
}
