package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.Manifest;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.verify.StoredDataset;
import org.millrace.transforms.hash.StableHash;

/**
 * Documents as token ids in npy files: what {@code cepe-tokenize} has written, or CEPE's own
 * scripts.
 *
 * @param files by their paths
 * @param manifest of the dataset, where there is one
 */
record NpyCorpus(List<StoredFile> files, Optional<Manifest> manifest) {

  private static final String SUFFIX = ".npy";

  /**
   * The files in a folder, and in those below it.
   *
   * @throws IllegalArgumentException where there is none
   * @throws IOException where a manifest is there, and not all of its files
   */
  static NpyCorpus open(String location) throws IOException {
    StoredFolder folder = StoredFolder.list(location);
    Optional<StoredDataset> dataset = StoredDataset.in(folder);
    List<StoredFile> files = new ArrayList<>();
    if (dataset.isPresent()) {
      for (Manifest.Output output : dataset.get().manifest().outputs()) {
        if (output.format().equals(NpyIO.FORMAT)) {
          dataset.get().refuseIncomplete(output);
          output.files().forEach(file -> files.add(folder.find(file.path()).orElseThrow()));
        }
      }
      files.sort(java.util.Comparator.comparing(StoredFile::path));
    } else {
      refuseUnfinished(location, folder);
      folder.files().stream().filter(file -> file.path().endsWith(SUFFIX)).forEach(files::add);
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException(
          "input "
              + location
              + ": expected npy files of documents, as cepe-tokenize writes them, got none");
    }
    return new NpyCorpus(List.copyOf(files), dataset.map(StoredDataset::manifest));
  }

  /** A run that was interrupted leaves files that may be taken for shards. */
  private static void refuseUnfinished(String location, StoredFolder folder) {
    for (StoredFile file : folder.files()) {
      if (("/" + file.path()).contains("/.")) {
        throw new IllegalArgumentException(
            "input %s: holds %s: the dataset is unfinished; start its run again, which goes on where"
                    .formatted(location, file.path())
                + " it stopped, or give a folder without hidden files");
      }
    }
  }

  /**
   * The files of each domain, by their paths from the domain's folder on.
   *
   * @throws IllegalArgumentException where a file is of two domains, or two have one path
   */
  Map<String, TreeMap<String, StoredFile>> byDomain(List<DomainShare> domains) {
    Map<String, TreeMap<String, StoredFile>> found = new TreeMap<>();
    domains.forEach(domain -> found.put(domain.name(), new TreeMap<>()));
    for (StoredFile file : files) {
      String owner = null;
      for (DomainShare domain : domains) {
        if (folders(file).contains(domain.name())) {
          if (owner != null) {
            throw new IllegalArgumentException(
                "%s: is of two domains, %s and %s, by the folders in its path; move it"
                    .formatted(file.path(), owner, domain.name()));
          }
          owner = domain.name();
        }
      }
      if (owner != null) {
        String path = file.path().substring(("/" + file.path()).indexOf("/" + owner + "/"));
        StoredFile other = found.get(owner).put(path, file);
        if (other != null) {
          throw new IllegalArgumentException(
              "%s and %s: both are %s of their domain; give one of them"
                  .formatted(other.path(), file.path(), path));
        }
      }
    }
    return found;
  }

  private static List<String> folders(StoredFile file) {
    List<String> parts = Arrays.asList(file.path().split("/", -1));
    return parts.subList(0, parts.size() - 1);
  }

  /** The names of all folders that files are in, for an error. */
  TreeSet<String> folders() {
    TreeSet<String> names = new TreeSet<>();
    files.forEach(file -> names.addAll(folders(file)));
    return names;
  }

  /** The SHA-256 of the list: the paths, sorted, a line each. */
  static String sha256(Iterable<String> sortedPaths) {
    var digest = StableHash.sha256();
    for (String path : sortedPaths) {
      digest.update((path + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
