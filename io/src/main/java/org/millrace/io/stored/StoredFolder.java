package org.millrace.io.stored;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.millrace.io.file.FileLookup;

/**
 * The files in a folder, and in those below it, as they were when it was listed.
 *
 * <pre>{@code
 * StoredFolder folder = StoredFolder.list("/data/out");
 * Optional<StoredFile> index = folder.find("mds/index.json");
 * }</pre>
 */
public final class StoredFolder {

  private final String location;
  private final NavigableMap<String, StoredFile> files;
  private final List<String> order;

  private StoredFolder(
      String location, NavigableMap<String, StoredFile> files, List<String> order) {
    this.location = location;
    this.files = files;
    this.order = List.copyOf(order);
  }

  /**
   * Lists a folder; or takes a file, with those beside it whose names begin alike up to the first
   * dot after its own stem: what belongs to one shard.
   *
   * @param location as Beam's file systems name it: a folder, a file, or what the names of files
   *     have in common before their last dot (as Megatron-LM names a pair)
   * @throws FileNotFoundException when nothing is there
   */
  public static StoredFolder list(String location) throws IOException {
    ResourceId root = FileSystems.matchNewResource(location, true);
    NavigableMap<String, StoredFile> found = below(root, FileLookup.match(root + "**"));
    if (!found.isEmpty()) {
      return new StoredFolder(root.toString(), found, List.copyOf(found.keySet()));
    }
    if (location.endsWith("/")) {
      throw new FileNotFoundException(location + ": expected files, got none");
    }
    return siblings(location);
  }

  private static StoredFolder siblings(String location) throws IOException {
    ResourceId file = FileSystems.matchNewResource(location, false);
    ResourceId parent = file.getCurrentDirectory();
    String name = location.substring(location.lastIndexOf('/') + 1);
    boolean exists =
        FileLookup.match(location).stream().anyMatch(m -> !m.resourceId().isDirectory());
    int dot = name.lastIndexOf('.');
    String stem = exists && dot > 0 ? name.substring(0, dot) : name;
    NavigableMap<String, StoredFile> found = below(parent, FileLookup.match(parent + "*"));
    found
        .keySet()
        .removeIf(
            path -> !path.equals(name) && (!path.startsWith(stem + ".") || path.contains("/")));
    if (found.isEmpty()) {
      throw new FileNotFoundException(location + ": expected a file or a folder, got neither");
    }
    return new StoredFolder(parent.toString(), found, List.copyOf(found.keySet()));
  }

  private static NavigableMap<String, StoredFile> below(ResourceId root, List<Metadata> matches) {
    String prefix = root.toString();
    TreeMap<String, StoredFile> files = new TreeMap<>();
    for (Metadata match : matches) {
      String name = match.resourceId().toString();
      if (!match.resourceId().isDirectory() && name.startsWith(prefix)) {
        String path = name.substring(prefix.length());
        files.put(path, new StoredFile(match.resourceId(), path, match.sizeBytes()));
      }
    }
    return files;
  }

  /**
   * The part of the folder below one of its folders.
   *
   * @param path relative to this folder; the files keep their paths relative to this one
   */
  public StoredFolder below(String path) {
    NavigableMap<String, StoredFile> part = new TreeMap<>(files);
    part.keySet().removeIf(file -> !file.startsWith(path + "/"));
    return new StoredFolder(location, part, order.stream().filter(part::containsKey).toList());
  }

  /**
   * The same files in another order.
   *
   * @param paths those to come first, in their order; they need not be there
   */
  public StoredFolder inOrder(List<String> paths) {
    List<String> known = paths.stream().filter(files::containsKey).distinct().toList();
    List<String> all = new ArrayList<>(known);
    Set<String> seen = Set.copyOf(known);
    order.stream().filter(path -> !seen.contains(path)).forEach(all::add);
    return new StoredFolder(location, files, all);
  }

  /** The folder, as Beam's file systems name it. */
  public String location() {
    return location;
  }

  /** All files; in the order of their paths, unless another order was given. */
  public List<StoredFile> files() {
    return order.stream().map(files::get).toList();
  }

  /** The file at a path, where there is one. */
  public Optional<StoredFile> find(String path) {
    return Optional.ofNullable(files.get(path));
  }
}
