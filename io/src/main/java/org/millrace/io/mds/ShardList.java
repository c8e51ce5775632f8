package org.millrace.io.mds;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;

/** Brings the shards of a folder into their order, each with the index that lists it, if any. */
final class ShardList {

  /** Shards of a folder by their number, which has six digits from 100,000 on. */
  static final Comparator<StoredFile> BY_NUMBER =
      Comparator.comparing(MdsFormat::folder)
          .thenComparing(ShardList::number)
          .thenComparing(StoredFile::path);

  private static final Pattern NUMBERED = Pattern.compile("shard\\.([0-9]{1,18})\\.mds.*");

  private final StoredFolder folder;
  private final Consumer<Finding> findings;
  private final List<StoredFile> shards;
  private final TreeMap<String, List<List<StoredFile>>> listed = new TreeMap<>();
  private final Set<String> known = new HashSet<>();

  ShardList(StoredFolder folder, Consumer<Finding> findings) {
    this.folder = folder;
    this.findings = findings;
    this.shards = folder.files().stream().filter(MdsFormat::isShard).sorted(BY_NUMBER).toList();
  }

  private static long number(StoredFile file) {
    Matcher matcher = NUMBERED.matcher(file.name());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
  }

  List<List<StoredFile>> list() throws IOException {
    for (StoredFile index : indexes()) {
      try {
        readIndex(index);
      } catch (IOException e) {
        listed.remove(MdsFormat.folder(index));
        if (hasShards(MdsFormat.folder(index))) {
          String problem =
              e.getMessage().replaceFirst("^" + Pattern.quote(index.path() + ": "), "");
          findings.accept(new Finding(index.path(), problem));
        }
      }
    }
    listRest();
    return listed.values().stream().flatMap(List::stream).toList();
  }

  /** Those with none in a folder above theirs: that one lists all. */
  private List<StoredFile> indexes() {
    List<StoredFile> all =
        folder.files().stream()
            .filter(file -> file.name().equals(MdsIndex.FILE_NAME))
            .sorted(Comparator.comparing(MdsFormat::folder))
            .toList();
    List<StoredFile> top = new ArrayList<>();
    for (StoredFile each : all) {
      if (top.stream().noneMatch(i -> each.path().startsWith(MdsFormat.folder(i)))) {
        top.add(each);
      }
    }
    return top;
  }

  private boolean hasShards(String path) {
    return shards.stream().anyMatch(shard -> shard.path().startsWith(path));
  }

  private void readIndex(StoredFile index) throws IOException {
    List<List<StoredFile>> found = new ArrayList<>();
    listed.put(MdsFormat.folder(index), found);
    MdsIndex.read(
        index,
        (number, json) -> {
          entry(index, number, json).ifPresent(shard -> found.add(List.of(shard, index)));
          return true;
        });
  }

  private Optional<StoredFile> entry(StoredFile index, int number, JsonNode json) {
    MdsEntry entry;
    try {
      entry = MdsEntry.parse(json);
    } catch (IOException e) {
      findings.accept(new Finding(index.path(), "shard " + number + ": " + e.getMessage()));
      return Optional.empty();
    }
    String what = "shard " + number + ": ";
    if (entry.samples() == 0) {
      findings.accept(Finding.of(index.path(), what + "samples", "1 or more", 0));
    }
    if (entry.zip().isPresent() != entry.config().compression().isPresent()) {
      String compression = entry.config().compression().orElse(MdsSettings.NONE);
      findings.accept(
          Finding.of(index.path(), what + "zip_data", "as for compression " + compression, json));
    }
    String base = MdsFormat.folder(index);
    MdsEntry.DataFile data = entry.stored();
    Optional<StoredFile> stored = folder.find(base + data.basename());
    if (stored.isEmpty()) {
      findings.accept(new Finding(base + data.basename(), "is missing"));
      data = entry.raw(); // a reader may have left it decompressed
      stored = folder.find(base + data.basename());
    }
    if (stored.isPresent() && !known.add(stored.get().path())) {
      findings.accept(
          Finding.of(index.path(), what + "file", "another one", data.basename() + " once more"));
    }
    known.add(base + entry.raw().basename());
    if (stored.isPresent() && stored.get().bytes() != data.bytes()) {
      findings.accept(Finding.of(stored.get().path(), "bytes", data.bytes(), stored.get().bytes()));
    }
    return stored;
  }

  /** What no index lists. */
  private void listRest() {
    Set<String> indexed = Set.copyOf(listed.keySet());
    for (StoredFile shard : shards) {
      if (known.contains(shard.path())) {
        continue;
      }
      if (indexed.stream().anyMatch(path -> shard.path().startsWith(path))) {
        findings.accept(new Finding(shard.path(), "is not in the index"));
        continue;
      }
      String path = MdsFormat.folder(shard);
      if (!listed.containsKey(path)) {
        listed.put(path, new ArrayList<>());
        findings.accept(
            new Finding(
                path + MdsIndex.FILE_NAME,
                "is missing or damaged: repair rebuilds it from the shards"));
      }
      listed.get(path).add(List.of(shard));
    }
  }
}
