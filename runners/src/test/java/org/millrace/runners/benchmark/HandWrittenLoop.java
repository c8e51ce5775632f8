package org.millrace.runners.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.millrace.io.column.DType;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.tokenize.ControlToken;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * What one would write without Beam for the {@code pretrain} pipeline on one machine: the baseline
 * of the benchmark. It reads plain jsonl, tokenizes with the same library, and makes the same npy
 * files, byte for byte, as the pipeline without its dedup section.
 *
 * <p>It does less: no meta fields, dead letters, ledger, checksums or manifest, no other file
 * system or format; and a packing bucket, or a shard, of each thread must fit in memory.
 */
public final class HandWrittenLoop {

  private static final long SPLIT_BYTES = 8 << 20;
  private static final String USAGE =
      "usage: HandWrittenLoop --input=DIR --tokenizer=FILE --output=DIR [--threads=N] [--seed=0]"
          + " [--sequence_length=2048] [--buckets=16] [--num_shards=8]";

  private final Path input;
  private final Path output;
  private final Tokenizer tokenizer;
  private final int endOfText;
  private final DType dtype;
  private final StableHash shuffle;
  private final int length;
  private final ExecutorService threads;
  private final List<Spill> buckets;
  private final List<Spill> shards;
  private final LongAdder documents = new LongAdder();
  private final LongAdder tokens = new LongAdder();

  private HandWrittenLoop(
      Map<String, String> options, Tokenizer tokenizer, int endOfText, Path scratch)
      throws IOException {
    this.input = Path.of(options.get("input"));
    this.output = Path.of(options.get("output"));
    this.tokenizer = tokenizer;
    this.endOfText = endOfText;
    this.dtype = DType.forVocabulary(tokenizer.vocabularySize());
    this.shuffle = StableHash.of("shuffle", Long.parseLong(options.getOrDefault("seed", "0")));
    this.length = number(options, "sequence_length", 2048);
    this.threads =
        Executors.newFixedThreadPool(
            number(options, "threads", Runtime.getRuntime().availableProcessors()));
    this.buckets = spills(scratch, "bucket", number(options, "buckets", 16));
    this.shards = spills(scratch, "shard", number(options, "num_shards", 8));
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = new TreeMap<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (parts.length < 2 || !parts[0].startsWith("--")) {
        throw new IllegalArgumentException(USAGE);
      }
      options.put(parts[0].substring(2), parts[1]);
    }
    if (!options.keySet().containsAll(List.of("input", "tokenizer", "output"))) {
      throw new IllegalArgumentException(USAGE);
    }
    Path scratch = Files.createTempDirectory("loop-");
    TokenizerSpec spec = TokenizerSpec.of(options.get("tokenizer"), false);
    try (Tokenizer tokenizer = spec.open()) {
      int endOfText = ControlToken.eos("auto", spec, tokenizer).orElseThrow().id();
      new HandWrittenLoop(options, tokenizer, endOfText, scratch).run();
    }
    Files.delete(scratch);
  }

  private static int number(Map<String, String> options, String name, int other) {
    return Integer.parseInt(options.getOrDefault(name, Integer.toString(other)));
  }

  private static List<Spill> spills(Path folder, String name, int count) throws IOException {
    List<Spill> spills = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      spills.add(new Spill(folder.resolve(name + "-" + i)));
    }
    return spills;
  }

  private void run() throws Exception {
    try {
      List<Callable<Void>> reads = new ArrayList<>();
      for (Path file : files()) {
        for (long from = 0; from < Files.size(file); from += SPLIT_BYTES) {
          long start = from;
          reads.add(() -> tokenize(file, start));
        }
      }
      inParallel(reads);
      List<Callable<Void>> packs = new ArrayList<>();
      for (int i = 0; i < buckets.size(); i++) {
        int bucket = i;
        packs.add(() -> pack(bucket));
      }
      inParallel(packs);
      Files.createDirectories(output.resolve("npy"));
      List<Callable<Void>> writes = new ArrayList<>();
      for (int i = 0; i < shards.size(); i++) {
        int shard = i;
        writes.add(() -> write(shard));
      }
      inParallel(writes);
    } finally {
      threads.shutdownNow();
    }
    System.out.printf("%d documents, %d tokens%n", documents.sum(), tokens.sum());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(input)) {
      return all.filter(path -> path.toString().endsWith(".jsonl")).sorted().toList();
    }
  }

  private void inParallel(List<Callable<Void>> tasks)
      throws InterruptedException, ExecutionException {
    for (Future<Void> done : threads.invokeAll(tasks)) {
      done.get();
    }
  }

  private Void tokenize(Path file, long from) throws IOException {
    String name = input.relativize(file).toString();
    JsonlTexts.read(
        file,
        from,
        from + SPLIT_BYTES,
        (offset, text) -> {
          TokenIds ids = tokenizer.encode(text);
          if (ids.isEmpty()) {
            return;
          }
          ByteBuffer packed = ByteBuffer.allocate((ids.length() + 1) * dtype.bytes());
          dtype.put(ids, packed.order(ByteOrder.LITTLE_ENDIAN));
          dtype.put(TokenIds.of(endOfText), packed);
          OrderKey key = shuffle.keyOf(name + ":" + offset);
          buckets.get(key.part(buckets.size())).add(key, packed.array(), 0, packed.position());
          documents.increment();
          tokens.add(ids.length() + 1);
        });
    return null;
  }

  private Void pack(int bucket) throws IOException {
    Spill.Sorted sorted = buckets.get(bucket).sorted();
    byte[] sequence = new byte[length * dtype.bytes()];
    int filled = 0;
    long number = 0;
    for (Spill.Entry document : sorted.entries()) {
      for (int at = 0; at < document.bytes(); ) {
        int count = Math.min(document.bytes() - at, sequence.length - filled);
        System.arraycopy(sorted.content(), document.from() + at, sequence, filled, count);
        at += count;
        filled += count;
        if (filled == sequence.length) {
          OrderKey key = shuffle.keyOf(bucket + "/" + number++);
          shards.get(key.part(shards.size())).add(key, sequence, 0, filled);
          filled = 0;
        }
      }
    }
    return null; // what is left is dropped
  }

  private Void write(int shard) throws IOException {
    Spill.Sorted sorted = shards.get(shard).sorted();
    if (sorted.entries().isEmpty()) {
      return null;
    }
    Path file = output.resolve("npy").resolve(String.format("shard-%05d.npy", shard));
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(header(sorted.entries().size()));
      for (Spill.Entry sequence : sorted.entries()) {
        out.write(sorted.content(), sequence.from(), sequence.bytes());
      }
    }
    return null;
  }

  /** A header of version 1.0, blanks up to a multiple of 64 bytes (numpy, lib/format.py). */
  private byte[] header(int samples) {
    String array =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d), }"
            .formatted(dtype.descr(), samples, length);
    int size = (10 + array.length() + 1 + 63) / 64 * 64;
    ByteBuffer header = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    header
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) (size - 10));
    header.put(array.getBytes(StandardCharsets.US_ASCII));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').array();
  }
}
