package org.millrace.io.shard;

import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A complete file of a shard, still on this machine.
 *
 * @param path where it is
 * @param part its number among the shard's files of this extension, from 0
 * @param extension with its dot
 * @param samples the samples in it, or that it belongs to
 * @param facts what an index over all shards needs to know of it
 */
public record LocalFile(
    Path path, int part, String extension, long samples, SortedMap<String, String> facts) {

  /** The only file of a shard with this extension, of which no index needs to know more. */
  public static LocalFile whole(Path path, String extension, long samples) {
    return new LocalFile(path, 0, extension, samples, new TreeMap<>());
  }
}
