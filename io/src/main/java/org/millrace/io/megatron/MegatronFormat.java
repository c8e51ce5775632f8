package org.millrace.io.megatron;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.io.column.Column;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredFormat;

/**
 * Finds and opens pairs. A shard's files are its {@code .idx}, then its {@code .bin} or the parts
 * of it, which come in the order of their names: {@code .bin.000} and so on, or {@code .bin.aa} as
 * the command {@code split} names them.
 */
record MegatronFormat() implements StoredFormat {

  static final String IDX = ".idx";
  static final String BIN = ".bin";

  /** The names of pairs that may stand beside that of tokens. */
  private static final List<String> ARRAYS = List.of(Column.TARGET_INDEX, Column.TARGET_PROB);

  private static final Pattern PART = Pattern.compile("(.*)\\.bin\\.([0-9]+|[a-z]+)");

  @Override
  public String name() {
    return MegatronIO.FORMAT;
  }

  @Override
  public List<List<StoredFile>> shards(StoredFolder folder, Consumer<Finding> findings) {
    Map<String, List<StoredFile>> parts = new HashMap<>();
    for (StoredFile file : folder.files()) {
      if (isBeside(file, folder)) {
        continue;
      }
      Matcher matcher = PART.matcher(file.path());
      Optional<String> stem = matcher.matches() ? Optional.of(matcher.group(1)) : stem(file, BIN);
      if (stem.isPresent()) {
        parts.computeIfAbsent(stem.get(), any -> new ArrayList<>()).add(file);
        if (folder.find(stem.get() + IDX).isEmpty()) {
          findings.accept(Finding.of(file.path(), "beside it", stem.get() + IDX, "none"));
        }
      }
    }
    List<List<StoredFile>> shards = new ArrayList<>();
    for (StoredFile file : folder.files()) {
      if (!isBeside(file, folder)) {
        stem(file, IDX)
            .flatMap(stem -> shard(stem, file, parts.getOrDefault(stem, List.of()), findings))
            .ifPresent(shard -> shards.add(withArrays(shard, folder, findings)));
      }
    }
    return shards;
  }

  /** Whether it is of a pair beside that of tokens. */
  private static boolean isBeside(StoredFile file, StoredFolder folder) {
    for (String array : ARRAYS) {
      for (String extension : List.of(IDX, BIN)) {
        String end = "." + array + extension;
        if (file.path().endsWith(end)) {
          String stem = file.path().substring(0, file.path().length() - end.length());
          return folder.find(stem + IDX).isPresent();
        }
      }
    }
    return false;
  }

  private static List<StoredFile> withArrays(
      List<StoredFile> shard, StoredFolder folder, Consumer<Finding> findings) {
    List<StoredFile> files = new ArrayList<>(shard);
    String stem = stem(shard.get(0), IDX).orElseThrow();
    List<String> missing = new ArrayList<>();
    for (String array : ARRAYS) {
      for (String extension : List.of(IDX, BIN)) {
        String path = stem + "." + array + extension;
        folder.find(path).ifPresentOrElse(files::add, () -> missing.add(path));
      }
    }
    if (files.size() == shard.size() || missing.isEmpty()) {
      return files;
    }
    String beside = files.get(shard.size()).path();
    findings.accept(Finding.of(beside, "beside it", missing.get(0), "none"));
    return shard;
  }

  private static Optional<String> stem(StoredFile file, String extension) {
    String path = file.path();
    return path.endsWith(extension)
        ? Optional.of(path.substring(0, path.length() - extension.length()))
        : Optional.empty();
  }

  private static Optional<List<StoredFile>> shard(
      String stem, StoredFile idx, List<StoredFile> found, Consumer<Finding> findings) {
    if (found.isEmpty()) {
      findings.accept(Finding.of(idx.path(), "beside it", stem + BIN, "none"));
      return Optional.empty();
    }
    List<StoredFile> bin = found.stream().filter(file -> stem(file, BIN).isPresent()).toList();
    List<StoredFile> parts = found.stream().filter(file -> stem(file, BIN).isEmpty()).toList();
    if (!bin.isEmpty() && !parts.isEmpty()) {
      String got = parts.size() + " parts as well, which are not read";
      findings.accept(Finding.of(bin.get(0).path(), "beside it", "no " + stem + ".bin.*", got));
    }
    List<StoredFile> files = new ArrayList<>(List.of(idx));
    if (!bin.isEmpty()) {
      files.addAll(bin);
      return Optional.of(files);
    }
    files.addAll(parts.stream().sorted((a, b) -> a.path().compareTo(b.path())).toList());
    if (files.stream().skip(1).mapToInt(file -> file.path().length()).distinct().count() > 1) {
      // By name 10 comes before 9: whether that is their order cannot be told.
      findings.accept(
          Finding.of(parts.get(0).path(), "parts", "names of one length", "different lengths"));
      return Optional.empty();
    }
    return Optional.of(files);
  }

  @Override
  public ShardReader open(List<StoredFile> files) throws IOException {
    List<StoredFile> tokens = files.stream().filter(file -> !isArray(file)).toList();
    List<StoredFile> arrays = files.stream().filter(MegatronFormat::isArray).toList();
    MegatronIndex index = MegatronIndex.open(tokens.get(0));
    return MegatronReader.open(
        index,
        new BinParts(tokens.subList(1, tokens.size())),
        arrays.isEmpty() ? Optional.empty() : Optional.of(TargetPairs.open(index, arrays)));
  }

  private static boolean isArray(StoredFile file) {
    return ARRAYS.stream()
        .anyMatch(
            array ->
                file.path().endsWith("." + array + IDX) || file.path().endsWith("." + array + BIN));
  }
}
