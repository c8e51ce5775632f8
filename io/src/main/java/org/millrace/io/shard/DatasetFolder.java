package org.millrace.io.shard;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;
import org.millrace.io.file.FileLookup;
import org.millrace.transforms.hash.StableHash;

/**
 * A dataset's folder while a job fills it: files come into a folder of the job's own, and are moved
 * to their places at the end; the manifest comes last.
 *
 * @param location the dataset's folder, as Beam's file systems name it
 * @param job a name that no other job has
 */
public record DatasetFolder(String location, String job) implements Serializable {

  /** What the names of jobs' temporary folders begin with. */
  public static final String TEMP_PREFIX = ".temp-";

  /** The folder at a location, for a new job. */
  public static DatasetFolder of(String location) {
    return new DatasetFolder(location, UUID.randomUUID().toString());
  }

  /**
   * The folder at a location, for a run that may go on where it stopped.
   *
   * @param run what tells it from other runs; where it is empty, the run is one of its own
   */
  static DatasetFolder of(String location, String run) {
    return run.isEmpty() ? of(location) : new DatasetFolder(location, run);
  }

  /**
   * How many shards an unfinished run has completed.
   *
   * @param paths all files of the dataset's folder
   */
  public static int completeShards(List<String> paths) {
    return (int)
        paths.stream()
            .filter(path -> path.startsWith(TEMP_PREFIX))
            .filter(path -> path.substring(path.indexOf('/') + 1).startsWith(ShardReceipts.PREFIX))
            .count();
  }

  /** The place of a file in the job's temporary folder. */
  ResourceId temp(String name) {
    return temp().resolve(name, StandardResolveOptions.RESOLVE_FILE);
  }

  /** Writes a file of the job's temporary folder: whole, or not at all. May be repeated. */
  void writeTemp(String name, byte[] bytes) throws IOException {
    FileSystems.rename(
        List.of(FileSystems.matchNewResource(upload(bytes).location(), false)),
        List.of(temp(name)));
  }

  private ResourceId root() {
    return FileSystems.matchNewResource(location, true);
  }

  private ResourceId temp() {
    return root().resolve(TEMP_PREFIX + job, StandardResolveOptions.RESOLVE_DIRECTORY);
  }

  /** The place of a file by its path in the dataset: slashes between folders. */
  ResourceId resolve(String path) {
    ResourceId at = root();
    String[] parts = path.split("/", -1);
    for (int i = 0; i < parts.length - 1; i++) {
      at = at.resolve(parts[i], StandardResolveOptions.RESOLVE_DIRECTORY);
    }
    return at.resolve(parts[parts.length - 1], StandardResolveOptions.RESOLVE_FILE);
  }

  /**
   * Completes a shard and copies its files to temporary names that no other attempt uses. May be
   * called by several threads.
   */
  public ShardSummary.Output upload(ShardWriter<?> writer) throws IOException {
    List<ShardFile> files = new ArrayList<>();
    for (LocalFile file : writer.finish()) {
      files.add(upload(file));
    }
    return new ShardSummary.Output(files, writer.counts());
  }

  ShardFile upload(LocalFile file) throws IOException {
    MessageDigest sha256 = StableHash.sha256();
    ResourceId target = newTemp(file.extension());
    try (OutputStream out =
        new DigestOutputStream(
            Channels.newOutputStream(FileSystems.create(target, MimeTypes.BINARY)), sha256)) {
      Files.copy(file.path(), out);
    }
    return new ShardFile(
        file.part(),
        file.extension(),
        target.toString(),
        Files.size(file.path()),
        HexFormat.of().formatHex(sha256.digest()),
        file.samples(),
        file.facts());
  }

  ShardFile upload(byte[] bytes) throws IOException {
    ResourceId target = newTemp("");
    try (OutputStream out =
        Channels.newOutputStream(FileSystems.create(target, MimeTypes.BINARY))) {
      out.write(bytes);
    }
    String sha256 = HexFormat.of().formatHex(StableHash.sha256().digest(bytes));
    return new ShardFile(0, "", target.toString(), bytes.length, sha256, 0, new TreeMap<>());
  }

  private ResourceId newTemp(String extension) {
    return temp().resolve(UUID.randomUUID() + extension, StandardResolveOptions.RESOLVE_FILE);
  }

  /**
   * A format of a part, that is to be moved to its place.
   *
   * @param format its name
   * @param part the part's name; empty where the dataset is not parted
   * @param number the format's among the outputs of each shard
   * @param firstShard the number of the part's first shard
   * @param names what each shard is named after, by its number; empty where they have numbers alone
   */
  public record Place(String format, String part, int number, int firstShard, List<String> names) {

    /** The only format of a dataset that is not parted. */
    public static Place only(String format) {
      return new Place(format, "", 0, 0, List.of());
    }
  }

  /**
   * Moves the files of a format to their places, with those that describe all shards. May be
   * repeated.
   *
   * @param shards all shards of the part in their order
   */
  public Manifest.Output commit(Place place, ShardSink<?> sink, List<ShardSummary> shards)
      throws IOException {
    String folder = sink.naming().folder(place.format, place.part);
    int number = place.number;
    List<IndexedFile> files = named(sink.naming(), place, shards);
    for (Map.Entry<String, byte[]> file : new TreeMap<>(sink.index(files)).entrySet()) {
      files.add(new IndexedFile(file.getKey(), upload(file.getValue())));
    }
    List<String> paths = files.stream().map(f -> folder + "/" + f.name()).toList();
    new ShardReceipts(this)
        .moving(
            folder + place.part,
            files.stream().map(file -> file.file().location()).toList(),
            paths.stream().map(path -> resolve(path).toString()).toList());
    commit(files.stream().map(IndexedFile::file).toList(), paths);
    List<Manifest.File> listed = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      ShardFile file = files.get(i).file();
      listed.add(new Manifest.File(paths.get(i), file.bytes(), file.sha256(), file.samples()));
    }
    TreeMap<String, Long> counts = new TreeMap<>();
    shards.forEach(
        s -> s.outputs().get(number).counts().forEach((k, n) -> counts.merge(k, n, Long::sum)));
    Long tokens = counts.remove("tokens");
    return new Manifest.Output(
        place.format,
        folder,
        shards.stream().mapToLong(ShardSummary::samples).sum(),
        tokens == null ? 0 : tokens,
        counts,
        sink.properties(),
        listed);
  }

  /** The files of one format, with the names that they are to have. */
  private static List<IndexedFile> named(
      ShardNaming naming, Place place, List<ShardSummary> shards) {
    List<IndexedFile> named = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Map<String, Integer> numbers = new HashMap<>();
    for (ShardSummary shard : shards) {
      int local = shard.shard() - place.firstShard;
      Optional<String> input =
          place.names.isEmpty() ? Optional.empty() : Optional.of(place.names.get(local));
      for (ShardFile file : shard.outputs().get(place.number).files()) {
        int next = numbers.merge(file.extension(), 1, Integer::sum) - 1;
        String name =
            naming.fileName(
                new ShardNaming.Place(
                    local, input, file.part(), next, file.extension(), place.part));
        if (!names.add(name)) {
          throw new IllegalStateException("two files of shards are to be named " + name);
        }
        named.add(new IndexedFile(name, file));
      }
    }
    return named;
  }

  /**
   * Writes the manifest, which seals the dataset, and deletes what the job left under temporary
   * names. May be repeated.
   *
   * @return where the manifest is
   */
  public String seal(Manifest manifest) throws IOException {
    commit(List.of(upload(manifest.toJson())), List.of(Manifest.FILE_NAME));
    deleteTemp();
    return resolve(Manifest.FILE_NAME).toString();
  }

  /** Deletes the manifest: the dataset is no longer to be trusted. */
  public void unseal() throws IOException {
    FileSystems.delete(
        List.of(resolve(Manifest.FILE_NAME)), StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  /**
   * Moves uploaded files to their places and makes sure that they are there. May be repeated: what
   * has been moved is left alone.
   *
   * @param files the files, and at the same index in {@code paths} their places in the dataset
   */
  void commit(List<ShardFile> files, List<String> paths) throws IOException {
    List<ResourceId> from = new ArrayList<>();
    List<ResourceId> to = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      from.add(FileSystems.matchNewResource(files.get(i).location(), false));
      to.add(resolve(paths.get(i)));
    }
    FileSystems.rename(
        from,
        to,
        StandardMoveOptions.IGNORE_MISSING_FILES,
        StandardMoveOptions.SKIP_IF_DESTINATION_EXISTS);
    for (int i = 0; i < files.size(); i++) {
      long bytes =
          FileLookup.match(to.get(i).toString()).stream()
              .mapToLong(Metadata::sizeBytes)
              .findAny()
              .orElse(-1);
      if (bytes != files.get(i).bytes()) {
        throw new IOException(
            String.format(
                "%s: expected %d bytes after the move from %s, got %s",
                to.get(i), files.get(i).bytes(), from.get(i), bytes < 0 ? "no file" : bytes));
      }
    }
  }

  /** Deletes this job's temporary folder, with what failed attempts have left there. */
  public void deleteTemp() throws IOException {
    FileSystems.delete(FileLookup.match(temp() + "*").stream().map(Metadata::resourceId).toList());
    FileSystems.delete(List.of(temp()), StandardMoveOptions.IGNORE_MISSING_FILES);
  }
}
