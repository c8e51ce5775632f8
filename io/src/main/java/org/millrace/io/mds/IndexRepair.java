package org.millrace.io.mds;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;

/** Makes an index from shards. */
final class IndexRepair {

  private IndexRepair() {}

  static byte[] rebuild(StoredFolder folder) throws IOException {
    List<StoredFile> shards =
        folder.files().stream().filter(MdsFormat::isShard).sorted(ShardList.BY_NUMBER).toList();
    Set<String> paths = shards.stream().map(StoredFile::path).collect(Collectors.toSet());
    List<MdsEntry> entries = new ArrayList<>();
    for (StoredFile shard : shards) {
      if (!isLeftover(shard, paths)) {
        entries.add(entry(shard));
      }
    }
    if (entries.isEmpty()) {
      throw new IOException(folder.location() + ": expected shards of MDS, got none");
    }
    return MdsIndex.encode(entries);
  }

  /** Whether a shard is there compressed too: then a reader has left it. */
  private static boolean isLeftover(StoredFile shard, Set<String> paths) {
    for (Compression.Family family : Compression.Family.values()) {
      if (paths.contains(shard.path() + family.suffix())) {
        return true;
      }
    }
    return false;
  }

  private static MdsEntry entry(StoredFile stored) throws IOException {
    try (MdsShardReader reader = MdsShardReader.open(stored, Optional.empty())) {
      RawShard shard = reader.shard();
      check(stored, shard);
      MdsConfig config = shard.config();
      String suffix =
          config.compression().map(text -> Compression.parse(text).family().suffix()).orElse("");
      if (!stored.name().endsWith(MdsIO.EXTENSION + suffix)) {
        throw new IOException(
            Finding.of(
                    stored.path(), "name for the compression in its config", suffix, stored.name())
                .toString());
      }
      String name = stored.path().substring(0, stored.path().length() - suffix.length());
      return new MdsEntry(
          config,
          file(name, shard.file(), config),
          shard.samples(),
          suffix.isEmpty() ? Optional.empty() : Optional.of(file(stored.path(), stored, config)));
    }
  }

  private static MdsEntry.DataFile file(String name, StoredFile file, MdsConfig config)
      throws IOException {
    for (String hash : config.hashes()) {
      if (!Hashes.NAMES.contains(hash)) {
        throw new IOException(
            Finding.of(file.path(), "hashes in the config", "of " + Hashes.NAMES, hash).toString());
      }
    }
    try (InputStream in = file.stream()) {
      TreeMap<String, String> hashes = new TreeMap<>(Hashes.of(in, config.hashes()));
      return new MdsEntry.DataFile(name, file.bytes(), hashes);
    }
  }

  private static void check(StoredFile stored, RawShard shard) throws IOException {
    List<Finding> findings = new ArrayList<>();
    new SampleCheck(
            shard,
            Long.MAX_VALUE,
            finding -> {
              if (findings.isEmpty()) {
                findings.add(finding);
              }
            })
        .run();
    if (!findings.isEmpty()) {
      throw new IOException(
          findings.get(0) + "; no index is made for damaged shards, as " + stored.path());
    }
  }
}
