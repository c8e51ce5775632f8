package org.millrace.io.shard;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.List;

/**
 * A part of a dataset that has shards of its own: a domain, a split, an epoch. Its files are in a
 * folder of its name below that of each format, with numbers and an index of their own.
 *
 * @param name a path with slashes, as {@code train/arxiv}; empty for a dataset that is not parted
 * @param shards the number of its shards, 1 to 100,000
 * @param formats those of the write's formats that it is written in; empty for all of them
 */
public record ShardPart(String name, int shards, List<String> formats) implements Serializable {

  /** The most shards that a part, or a dataset, may have. */
  public static final int MAX_SHARDS = 100_000;

  public ShardPart {
    formats = List.copyOf(formats);
    checkArgument(
        name.isEmpty() || name.matches("[^/]+(/[^/]+)*"),
        "a part must be named by a path like train/arxiv, was %s",
        name);
    for (String folder : name.split("/", -1)) {
      checkArgument(
          !folder.equals(".") && !folder.equals("..") && !folder.matches(".*[*?\\[\\]{}\\\\].*"),
          "a part's name must not have . or .. or any of * ? [ ] { } \\ for a folder, was %s",
          name);
    }
    checkArgument(
        shards > 0 && shards <= MAX_SHARDS,
        "shards must be in 1..%s, was %s%s",
        MAX_SHARDS,
        shards,
        name.isEmpty() ? "" : " for " + name);
  }

  /** A part in all formats. */
  public ShardPart(String name, int shards) {
    this(name, shards, List.of());
  }

  /** Whether it is written in a format. */
  boolean has(String format) {
    return formats.isEmpty() || formats.contains(format);
  }
}
