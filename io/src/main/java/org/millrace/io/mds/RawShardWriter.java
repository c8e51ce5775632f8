package org.millrace.io.mds;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.LittleEndianOutput;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardScratch;

/**
 * Writes encoded samples to shards. How long the head of a shard is depends on the number of its
 * samples, so room is left for as many as there will be if all are of one size; where they are not,
 * the samples move once the shard is full. In memory are their sizes alone.
 *
 * <pre>
 * Shard --> SampleCount, Offset^(SampleCount + 1), Config, Sample^SampleCount
 *   SampleCount --> uint32
 *   Offset      --> uint32: where a sample begins in the file; the last is the file's size
 *   Config      --> JSON, UTF-8; it ends where the first sample begins
 *   Sample      --> Length^(columns of no fixed size), Value^(columns)
 *   Length      --> uint32: bytes of a value                                 all little-endian
 * </pre>
 */
final class RawShardWriter implements Closeable {

  private static final String RAW_BYTES = "raw_bytes";
  private static final String RAW_HASH = "raw_hash.";
  private static final String ZIP_HASH = "zip_hash.";

  private final ShardScratch scratch;
  private final MdsConfig config;
  private final byte[] configBytes;
  private final MdsSettings settings;
  private final ShardCut cut;
  private final List<LocalFile> files = new ArrayList<>();
  private Optional<Body> body = Optional.empty();
  private int[] sizes = new int[1 << 10];
  private long left;

  /**
   * The samples of a shard, back to back.
   *
   * @param room what is left free before them
   */
  private record Body(Path path, LittleEndianOutput output, long room) {}

  /**
   * Begins the first shard.
   *
   * @param samples how many will come, for all shards
   */
  RawShardWriter(ShardScratch scratch, MdsConfig config, MdsSettings settings, long samples) {
    this.left = samples;
    this.scratch = scratch;
    this.config = config;
    this.configBytes = config.encode();
    this.settings = settings;
    this.cut = new ShardCut(settings.sizeLimit(), settings.samplesPerShard(), configBytes.length);
  }

  MdsConfig config() {
    return config;
  }

  /**
   * Begins a sample.
   *
   * @return takes as many bytes
   */
  LittleEndianOutput begin(long bytes) throws IOException {
    if (cut.isBefore(bytes)) {
      seal();
    }
    int number = (int) cut.samples();
    long expected = number == 0 ? cut.expected(bytes, left) : 0;
    cut.add(bytes);
    left--;
    if (number == sizes.length) {
      sizes = Arrays.copyOf(sizes, 2 * number);
    }
    sizes[number] = (int) bytes;
    if (body.isEmpty()) {
      Path path = scratch.newFile(MdsIO.EXTENSION);
      long room = headBytes(expected);
      body = Optional.of(new Body(path, new LittleEndianOutput(path), room));
      body.get().output().moveTo(room);
    }
    return body.get().output();
  }

  /** Completes the last shard; all of them in their order. */
  List<LocalFile> finish() throws IOException {
    if (body.isPresent()) {
      seal();
    }
    return List.copyOf(files);
  }

  private long headBytes(long samples) {
    return Integer.BYTES * (samples + 2) + configBytes.length;
  }

  private void seal() throws IOException {
    Body samples = body.orElseThrow();
    Path raw;
    try (LittleEndianOutput output = samples.output()) {
      long bytes = output.position() - samples.room() + headBytes(cut.samples());
      if (bytes != cut.bytes()) {
        throw new IllegalStateException(
            "expected a shard of " + cut.bytes() + " bytes, got " + bytes);
      }
      raw = samples.room() == headBytes(cut.samples()) ? inPlace(samples) : moved(samples);
    }
    body = Optional.empty();
    files.add(compressed(raw));
    cut.reset();
  }

  private Path inPlace(Body samples) throws IOException {
    samples.output().moveTo(0);
    writeHead(samples.output());
    samples.output().flush();
    return samples.path();
  }

  private Path moved(Body samples) throws IOException {
    samples.output().flush();
    Path raw = scratch.newFile(MdsIO.EXTENSION);
    try (LittleEndianOutput output = new LittleEndianOutput(raw)) {
      writeHead(output);
      output.append(samples.path(), samples.room());
    }
    Files.delete(samples.path());
    return raw;
  }

  private void writeHead(LittleEndianOutput output) throws IOException {
    int samples = (int) cut.samples();
    output.writeInt(samples);
    long offset = headBytes(samples);
    for (int i = 0; i < samples; i++) {
      output.writeInt((int) offset);
      offset += Integer.toUnsignedLong(sizes[i]);
    }
    output.writeInt((int) offset);
    output.write(configBytes);
  }

  private LocalFile compressed(Path raw) throws IOException {
    TreeMap<String, String> facts = new TreeMap<>();
    facts.put(RAW_BYTES, Long.toString(cut.bytes()));
    hash(raw, RAW_HASH, facts);
    Path stored = raw;
    if (settings.codec().isPresent()) {
      stored = scratch.newFile(settings.extension());
      settings.codec().get().compress(raw, stored);
      Files.delete(raw);
      hash(stored, ZIP_HASH, facts);
    }
    return new LocalFile(stored, files.size(), settings.extension(), cut.samples(), facts);
  }

  private void hash(Path file, String prefix, SortedMap<String, String> facts) throws IOException {
    if (!settings.hashes().isEmpty()) {
      try (InputStream in = Files.newInputStream(file)) {
        Hashes.of(in, settings.hashes()).forEach((name, hex) -> facts.put(prefix + name, hex));
      }
    }
  }

  /** What an index says of a shard before compression. */
  static MdsEntry.DataFile rawData(String name, SortedMap<String, String> facts) {
    long bytes = Long.parseLong(facts.get(RAW_BYTES));
    return new MdsEntry.DataFile(name, bytes, hashes(RAW_HASH, facts));
  }

  /** What an index says of a shard after compression. */
  static MdsEntry.DataFile zipData(String name, long bytes, SortedMap<String, String> facts) {
    return new MdsEntry.DataFile(name, bytes, hashes(ZIP_HASH, facts));
  }

  private static SortedMap<String, String> hashes(String prefix, SortedMap<String, String> facts) {
    TreeMap<String, String> hashes = new TreeMap<>();
    facts.forEach(
        (key, hex) -> {
          if (key.startsWith(prefix)) {
            hashes.put(key.substring(prefix.length()), hex);
          }
        });
    return hashes;
  }

  @Override
  public void close() throws IOException {
    if (body.isPresent()) {
      body.get().output().close();
    }
  }
}
