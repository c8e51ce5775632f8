package org.millrace.io.mds;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

/** Says where a shard ends: the arithmetic of its size. */
final class ShardCut {

  /** Offsets in a shard are uint32, and the last is the shard's size. */
  static final long MAX_BYTES = 0xFFFF_FFFFL;

  private final long sizeLimit;
  private final long samplesPerShard;
  private final long emptyBytes;
  private long samples;
  private long bytes;

  /**
   * Begins a shard.
   *
   * @param sizeLimit 0 for none
   * @param samplesPerShard 0 for no limit
   * @param configBytes the size of the shard's config
   */
  ShardCut(long sizeLimit, long samplesPerShard, int configBytes) {
    this.sizeLimit = sizeLimit;
    this.samplesPerShard = samplesPerShard;
    this.emptyBytes = 2L * Integer.BYTES + configBytes; // the count and the first offset
    reset();
  }

  /**
   * How many samples the shard will have, if all are of one size.
   *
   * @param left how many there are at most
   */
  long expected(long sampleBytes, long left) {
    long count = samplesPerShard > 0 ? Math.min(left, samplesPerShard) : left;
    long room = (sizeLimit > 0 ? sizeLimit : MAX_BYTES) - emptyBytes;
    return Math.max(1, Math.min(count, room / (sampleBytes + Integer.BYTES)));
  }

  /** Whether the shard is to end before a sample of a size; never while it is empty. */
  boolean isBefore(long sampleBytes) {
    boolean full = samplesPerShard > 0 && samples == samplesPerShard;
    boolean large = sizeLimit > 0 && sizeLimit < with(sampleBytes);
    return samples > 0 && (full || large);
  }

  private long with(long sampleBytes) {
    return bytes + sampleBytes + Integer.BYTES;
  }

  /** Takes a sample. */
  void add(long sampleBytes) {
    checkArgument(
        with(sampleBytes) <= MAX_BYTES,
        "expected a shard of MDS of at most %s bytes, got %s; a size limit keeps it smaller",
        MAX_BYTES,
        with(sampleBytes));
    bytes = with(sampleBytes);
    samples++;
  }

  /** Begins the next shard. */
  void reset() {
    samples = 0;
    bytes = emptyBytes;
  }

  long samples() {
    return samples;
  }

  /** The size of the shard's file, before compression. */
  long bytes() {
    return bytes;
  }
}
