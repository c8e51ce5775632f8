package org.millrace.io.mds;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * How shards are cut, compressed and hashed.
 *
 * <p>A shard is cut where the next sample would make it larger than the limit, counted before
 * compression; or where it has as many samples as it may have. A sample that is larger than the
 * limit has a shard of its own. What is meant to be read in parallel is cut already before: each
 * shard of the dataset becomes one or more of MDS.
 *
 * @param compression "none", or a family with or without a level: {@code zstd[:1-22]}, 3 where none
 *     is said; {@code gz[:0-9]}, 9; {@code br[:0-11]}, 11; {@code bz2[:1-9]}, 9; {@code snappy}.
 *     The index keeps it as it is said here
 * @param hashes what the index tells of every file: any of blake2b, blake2s, md5, sha1, sha224,
 *     sha256, sha384, sha512, sha3_224, sha3_256, sha3_384, sha3_512, xxh32, xxh64, xxh128,
 *     xxh3_64, xxh3_128
 * @param sizeLimit in bytes, below 2^32; 0 for none
 * @param samplesPerShard 0 for no limit
 */
public record MdsSettings(
    String compression, List<String> hashes, long sizeLimit, long samplesPerShard)
    implements Serializable {

  /** The name of no compression. */
  public static final String NONE = "none";

  private static final long STANDARD_SIZE_LIMIT = 1 << 26; // streaming, MDSWriter

  public MdsSettings {
    if (!compression.equals(NONE)) {
      Compression.parse(compression);
    }
    for (String hash : hashes) {
      checkArgument(
          Hashes.NAMES.contains(hash), "hashes: expected of %s, got %s", Hashes.NAMES, hash);
    }
    hashes = hashes.stream().distinct().sorted().toList();
    checkArgument(
        0 <= sizeLimit && sizeLimit <= ShardCut.MAX_BYTES,
        "size_limit: expected 0..%s, got %s",
        ShardCut.MAX_BYTES,
        sizeLimit);
    checkArgument(
        samplesPerShard >= 0, "samples_per_shard: expected 0 or more, got %s", samplesPerShard);
  }

  /** No compression, no hashes, 64 MiB a shard. */
  public static MdsSettings standard() {
    return new MdsSettings(NONE, List.of(), STANDARD_SIZE_LIMIT, 0);
  }

  /** With another compression. */
  public MdsSettings withCompression(String compression) {
    return new MdsSettings(compression, hashes, sizeLimit, samplesPerShard);
  }

  /** With other hashes. */
  public MdsSettings withHashes(List<String> hashes) {
    return new MdsSettings(compression, hashes, sizeLimit, samplesPerShard);
  }

  /** With another limit of bytes a shard; 0 for none. */
  public MdsSettings withSizeLimit(long sizeLimit) {
    return new MdsSettings(compression, hashes, sizeLimit, samplesPerShard);
  }

  /** With another limit of samples a shard; 0 for none. */
  public MdsSettings withSamplesPerShard(long samplesPerShard) {
    return new MdsSettings(compression, hashes, sizeLimit, samplesPerShard);
  }

  /** The compression, if any. */
  Optional<Compression> codec() {
    return compression.equals(NONE)
        ? Optional.empty()
        : Optional.of(Compression.parse(compression));
  }

  /** What the names of shards end with. */
  String extension() {
    return MdsIO.EXTENSION + codec().map(codec -> codec.family().suffix()).orElse("");
  }
}
