package org.millrace.runners.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerEngine;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * The speed of both engines on one corpus, in MB (1,000,000 bytes of UTF-8) for each second that a
 * thread was on a core.
 *
 * <p>Arguments: a tokenizer.json, a folder with texts, {@code --shape=4000} as the bytes of a
 * document, {@code --mb=24} of text, {@code --djl-mb=6} of them for the library. A process for each
 * case, because the first pass is that of a cold one. The corpus is halved:
 *
 * <ol>
 *   <li>cold: Java on the first half, with a cold compiler and an empty cache;
 *   <li>first: another Java tokenizer, so an empty cache, on the second half, which is unseen;
 *   <li>warm: the same again, the median of three;
 *   <li>djl: the library on the beginning of the second half;
 *   <li>2 threads: how much faster two threads are than one with the second half, and with what the
 *       library gets; by the clock, so that nothing else may run on the machine.
 * </ol>
 */
public final class EncodeSpeed {

  private static final int PASSES = 3;

  private final TokenizerSpec spec;
  private final List<String> firstHalf = new ArrayList<>();
  private final List<String> secondHalf = new ArrayList<>();
  private final List<String> forLibrary = new ArrayList<>();

  private EncodeSpeed(TokenizerSpec spec, Path folder, int shape, long mb, long libraryMb)
      throws IOException {
    this.spec = spec;
    List<String> texts = CorpusTexts.shaped(CorpusTexts.read(folder, mb * 1_000_000), shape);
    long limit = Math.min(mb * 1_000_000, texts.stream().mapToLong(CorpusTexts::bytes).sum());
    long bytes = 0;
    long libraryBytes = 0;
    for (String text : texts) {
      int length = CorpusTexts.bytes(text);
      if (bytes + length <= limit / 2) {
        firstHalf.add(text);
      } else if (bytes < limit) {
        secondHalf.add(text);
        if (libraryBytes < libraryMb * 1_000_000) {
          forLibrary.add(text);
          libraryBytes += length;
        }
      }
      bytes += length;
    }
  }

  /** Prints one line. */
  public static void main(String[] args) throws Exception {
    Map<String, String> options = new TreeMap<>();
    List<String> paths = new ArrayList<>();
    for (String arg : args) {
      if (arg.startsWith("--")) {
        String[] parts = arg.substring(2).split("=", 2);
        options.put(parts[0], parts[1]);
      } else {
        paths.add(arg);
      }
    }
    if (paths.isEmpty()) {
      System.out.printf(
          Locale.ROOT,
          "%-16s %-14s %8s | %6s %6s %6s %6s | %7s %7s | %9s %8s%n",
          "tokenizer",
          "texts",
          "bytes",
          "cold",
          "first",
          "warm",
          "djl",
          "first:",
          "warm:",
          "2 threads",
          "djl 2");
      return;
    }
    int shape = Integer.parseInt(options.getOrDefault("shape", "4000"));
    Path folder = Path.of(paths.get(1));
    TokenizerSpec spec = TokenizerSpec.of(paths.get(0), false);
    EncodeSpeed speed =
        new EncodeSpeed(
            spec,
            folder,
            shape,
            Long.parseLong(options.getOrDefault("mb", "24")),
            Long.parseLong(options.getOrDefault("djl-mb", "6")));
    System.out.printf(
        Locale.ROOT,
        "%-16s %-14s %8d | %s%n",
        spec.name(),
        folder.getFileName(),
        shape,
        speed.row());
  }

  private String row() throws Exception {
    double cold;
    double first;
    List<Double> warm = new ArrayList<>();
    try (Tokenizer java = open(TokenizerEngine.JAVA)) {
      cold = perCoreSecond(java, firstHalf);
    }
    try (Tokenizer java = open(TokenizerEngine.JAVA)) {
      first = perCoreSecond(java, secondHalf);
      for (int pass = 0; pass < PASSES; pass++) {
        warm.add(perCoreSecond(java, secondHalf));
      }
    }
    warm.sort(null);
    double again = warm.get(PASSES / 2);
    double djl;
    double djlScale;
    try (Tokenizer library = open(TokenizerEngine.DJL)) {
      djl = perCoreSecond(library, forLibrary);
      djlScale = scale(library, forLibrary);
    }
    double scale;
    try (Tokenizer java = open(TokenizerEngine.JAVA)) {
      scale = scale(java, secondHalf);
    }
    return String.format(
        Locale.ROOT,
        "%6.1f %6.1f %6.1f %6.2f | %6.1fx %6.1fx | %8.2fx %7.2fx",
        cold,
        first,
        again,
        djl,
        first / djl,
        again / djl,
        scale,
        djlScale);
  }

  private Tokenizer open(TokenizerEngine engine) throws IOException {
    return spec.withEngine(engine).open();
  }

  private static double perCoreSecond(Tokenizer tokenizer, List<String> texts) {
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    long tokens = 0;
    for (String text : texts) {
      tokens += tokenizer.encode(text).length();
    }
    double seconds = (threads.getCurrentThreadCpuTime() - before) / 1e9;
    if (tokens == 0) {
      throw new IllegalStateException("no tokens");
    }
    return texts.stream().mapToLong(CorpusTexts::bytes).sum() / 1e6 / seconds;
  }

  /** How much less time two threads take than one, each in the best of some passes. */
  private static double scale(Tokenizer tokenizer, List<String> texts)
      throws ExecutionException, InterruptedException {
    double one = Double.MAX_VALUE;
    double two = Double.MAX_VALUE;
    for (int pass = 0; pass < PASSES; pass++) {
      one = Math.min(one, seconds(tokenizer, texts, 1));
      two = Math.min(two, seconds(tokenizer, texts, 2));
    }
    return one / two;
  }

  /** By the clock, with threads that take texts in turn. */
  private static double seconds(Tokenizer tokenizer, List<String> texts, int threads)
      throws ExecutionException, InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      AtomicInteger next = new AtomicInteger();
      List<Future<?>> running = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < threads; i++) {
        running.add(
            workers.submit(
                () -> {
                  for (int at = next.getAndIncrement();
                      at < texts.size();
                      at = next.getAndIncrement()) {
                    tokenizer.encode(texts.get(at));
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
      return (System.nanoTime() - start) / 1e9;
    } finally {
      workers.shutdown();
    }
  }
}
