package org.millrace.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.millrace.transforms.hash.StableHash;

/**
 * How many files an input is, and what tells it from the same files at another time.
 *
 * @param files the number of files
 * @param bytes their size, as they are stored
 * @param fingerprint a digest of their paths, sizes and times of change; in hexadecimal. It decides
 *     whether an unfinished run may go on, and never reaches an output
 */
public record FileListing(long files, long bytes, String fingerprint) {

  /** A listing of files by their paths. */
  public static FileListing of(SortedMap<String, Metadata> files) {
    MessageDigest digest = StableHash.sha256();
    long bytes = 0;
    for (Map.Entry<String, Metadata> file : files.entrySet()) {
      Metadata found = file.getValue();
      digest.update(file.getKey().getBytes(StandardCharsets.UTF_8));
      digest.update(
          ByteBuffer.allocate(1 + 2 * Long.BYTES)
              .put((byte) 0)
              .putLong(found.sizeBytes())
              .putLong(found.lastModifiedMillis())
              .flip());
      bytes += found.sizeBytes();
    }
    return new FileListing(files.size(), bytes, HexFormat.of().formatHex(digest.digest()));
  }

  /**
   * All files at some places, and below them where they are folders.
   *
   * @param locations as Beam's file systems name them
   */
  public static FileListing below(List<String> locations) throws IOException {
    SortedMap<String, Metadata> files = new TreeMap<>();
    for (String location : locations) {
      String folder = FileSystems.matchNewResource(location, true).toString();
      List<Metadata> found = FileLookup.match(folder + "**");
      for (Metadata file : found.isEmpty() ? FileLookup.match(location) : found) {
        if (!file.resourceId().isDirectory()) {
          files.put(file.resourceId().toString(), file);
        }
      }
    }
    return of(files);
  }
}
