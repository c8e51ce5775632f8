package org.millrace.io.shard;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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
 * to their places at the end.
 *
 * @param location the dataset's folder, as Beam's file systems name it
 * @param job a name that no other job has
 */
record DatasetFolder(String location, String job) implements Serializable {

  /** What the names of jobs' temporary folders begin with. */
  static final String TEMP_PREFIX = ".temp-";

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

  /** Copies a local file to a temporary name that no other attempt uses. */
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

  /** Writes bytes to a temporary name. */
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
  void deleteTemp() throws IOException {
    FileSystems.delete(FileLookup.match(temp() + "*").stream().map(Metadata::resourceId).toList());
    FileSystems.delete(List.of(temp()), StandardMoveOptions.IGNORE_MISSING_FILES);
  }
}
