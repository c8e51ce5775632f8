package org.millrace.runners.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import org.millrace.io.column.TokenRow;
import org.millrace.io.hdf5.Hdf5IO;
import org.millrace.io.hdf5.Hdf5Settings;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.mds.MdsSettings;
import org.millrace.io.megatron.MegatronIO;
import org.millrace.io.megatron.MegatronSettings;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;

/**
 * The speed of each shard writer alone, in tokens for each second that its thread was on a core,
 * beside a plain copy of the files that it made.
 *
 * <p>Arguments: the number of tokens, and the number of runs; medians are printed. Every sequence
 * has 2,048 ids of a vocabulary; few are frequent and most are rare, as in text.
 */
public final class WriterSpeed {

  private static final int LENGTH = 2048;
  private static final int DISTINCT = 512;

  private WriterSpeed() {}

  /** Runs all writers in turn. */
  public static void main(String[] args) throws IOException {
    long tokens = Long.parseLong(args[0]);
    int runs = Integer.parseInt(args[1]);
    System.out.println("vocabulary  writer           Mtok/core-s   bytes/token   copy Mtok/core-s");
    for (int vocabulary : new int[] {50_257, 128_256}) {
      List<PackedSequence> sequences = sequences(vocabulary);
      sinks(vocabulary)
          .forEach((name, sink) -> measure(vocabulary, name, sink, sequences, tokens, runs));
      System.out.printf(
          Locale.ROOT,
          "%10d  %-14s %13.0f%n",
          vocabulary,
          "deflate alone",
          tokens / 1e6 / deflate(sequences, tokens, runs));
    }
  }

  private static Map<String, ShardSink<PackedSequence>> sinks(int vocabulary) {
    Map<String, ShardSink<PackedSequence>> sinks = new LinkedHashMap<>();
    sinks.put("npy", NpyIO.sequences(LENGTH, vocabulary));
    sinks.put("megatron", MegatronIO.sequences(MegatronSettings.of(vocabulary)));
    MdsSettings mds = MdsSettings.standard();
    sinks.put("mds", MdsIO.sequences(vocabulary, Set.of(), mds));
    sinks.put("mds, zstd", MdsIO.sequences(vocabulary, Set.of(), mds.withCompression("zstd")));
    sinks.put(
        "mds, xxh64", MdsIO.sequences(vocabulary, Set.of(), mds.withHashes(List.of("xxh64"))));
    sinks.put("hdf5", Hdf5IO.sequences(Hdf5Settings.of(LENGTH, vocabulary)));
    sinks.put(
        "hdf5, no gzip", Hdf5IO.sequences(Hdf5Settings.of(LENGTH, vocabulary).withGzipLevel(0)));
    return sinks;
  }

  private static List<PackedSequence> sequences(int vocabulary) {
    SplittableRandom random = new SplittableRandom(vocabulary);
    List<PackedSequence> sequences = new ArrayList<>();
    for (int i = 0; i < DISTINCT; i++) {
      int[] ids = new int[LENGTH];
      for (int j = 0; j < LENGTH; j++) {
        ids[j] = (int) Math.floor(Math.pow(vocabulary, random.nextDouble())) - 1;
      }
      sequences.add(
          new PackedSequence(
              OrderKey.natural(0, 1, i),
              "0/" + i,
              TokenIds.wrap(ids),
              List.of(new Piece("text", LENGTH, true, false, LENGTH)),
              OptionalInt.of(0)));
    }
    return sequences;
  }

  private static void measure(
      int vocabulary,
      String name,
      ShardSink<PackedSequence> sink,
      List<PackedSequence> sequences,
      long tokens,
      int runs) {
    long samples = tokens / LENGTH;
    double[] write = new double[runs];
    double[] copy = new double[runs];
    long bytes = 0;
    try {
      for (int run = 0; run < runs; run++) {
        try (ShardScratch scratch = ShardScratch.create()) {
          List<LocalFile> files = new ArrayList<>();
          write[run] = seconds(() -> files.addAll(write(sink, scratch, sequences, samples)));
          copy[run] = seconds(() -> copy(files, scratch));
          bytes = 0;
          for (LocalFile file : files) {
            bytes += Files.size(file.path());
          }
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    double million = samples * LENGTH / 1e6;
    System.out.printf(
        Locale.ROOT,
        "%10d  %-14s %13.0f %13.2f %18.0f%n",
        vocabulary,
        name,
        million / Median.of(write),
        (double) bytes / samples / LENGTH,
        million / Median.of(copy));
  }

  private static List<LocalFile> write(
      ShardSink<PackedSequence> sink,
      ShardScratch scratch,
      List<PackedSequence> sequences,
      long samples)
      throws IOException {
    try (ShardWriter<PackedSequence> writer = sink.open(scratch, samples)) {
      for (long i = 0; i < samples; i++) {
        writer.write(sequences.get((int) (i % DISTINCT)));
      }
      return writer.finish();
    }
  }

  /** The seconds that compressing the rows of HDF5 takes, without any file. */
  private static double deflate(List<PackedSequence> sequences, long tokens, int runs)
      throws IOException {
    double[] seconds = new double[runs];
    byte[] out = new byte[1 << 16];
    for (int run = 0; run < runs; run++) {
      Deflater deflater = new Deflater(4); // Cerebras writes its rows with gzip level 4
      seconds[run] =
          seconds(
              () -> {
                ByteBuffer row = ByteBuffer.allocate(12 * LENGTH).order(ByteOrder.LITTLE_ENDIAN);
                for (long i = 0; i < tokens / LENGTH; i++) {
                  TokenRow tokenRow = TokenRow.of(sequences.get((int) (i % DISTINCT)));
                  tokenRow.tokens().putInts(row.clear());
                  tokenRow.mask().putInts(row);
                  tokenRow.labels().putInts(row);
                  deflater.reset();
                  deflater.setInput(row.array());
                  deflater.finish();
                  while (!deflater.finished()) {
                    deflater.deflate(out);
                  }
                }
              });
      deflater.end();
    }
    return Median.of(seconds);
  }

  private static void copy(List<LocalFile> files, ShardScratch scratch) throws IOException {
    byte[] buffer = new byte[1 << 18];
    for (LocalFile file : files) {
      try (InputStream in = Files.newInputStream(file.path());
          OutputStream out = Files.newOutputStream(scratch.newFile(".copy"))) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          out.write(buffer, 0, read);
        }
      }
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  /** The time that this thread was on a core, in the kernel too. */
  private static double seconds(Task task) throws IOException {
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    task.run();
    return (threads.getCurrentThreadCpuTime() - before) / 1e9;
  }
}
