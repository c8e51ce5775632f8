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
import java.util.concurrent.atomic.AtomicLong;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerEngine;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * The speed of both engines on one corpus, in MB (1,000,000 bytes of UTF-8) for each second that a
 * thread was on a core.
 *
 * <p>Arguments: a tokenizer.json, a folder with texts, {@code --shape=4000} as the bytes of a
 * document, {@code --mb=24} of text, {@code --djl-mb=6} of them for the library. A process for each
 * case, because one of the figures is that of a cold one. The corpus is halved:
 *
 * <ol>
 *   <li>cold: Java on the first half, with a cold compiler and an empty cache; then the first half
 *       again and again, until the compiler is done;
 *   <li>first: a new Java tokenizer, so an empty cache, on the second half, which is unseen;
 *   <li>warm: the same again;
 *   <li>djl: the library on the beginning of the second half;
 *   <li>2 threads: how much faster two threads are than one on the second half, with what the
 *       library gets, and with what a loop of independent additions gets: where two processors
 *       share a core, that is less than 2. By the clock, so that nothing else may run on the
 *       machine.
 * </ol>
 *
 * <p>The engines take turns, and each figure but the first is the median of five. With {@code
 * --library} all that is done, and printed, is one pass of the library.
 */
public final class EncodeSpeed {

  private static final int ROUNDS = 5;
  private static final double COMPILE_SECONDS = 5;
  private static final int LOOPS = 200_000_000;

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
        options.put(parts[0], parts.length == 1 ? "" : parts[1]);
      } else {
        paths.add(arg);
      }
    }
    if (paths.isEmpty()) {
      System.out.printf(
          Locale.ROOT,
          "%-16s %-14s %8s | %6s %6s %6s %6s | %7s %7s | %9s %8s %10s%n",
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
          "djl 2",
          "machine 2");
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
    if (options.containsKey("library")) {
      try (Tokenizer library = speed.open(TokenizerEngine.DJL)) {
        System.out.println(perCoreSecond(library, speed.forLibrary));
      }
      return;
    }
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
    try (Tokenizer java = open(TokenizerEngine.JAVA)) {
      cold = perCoreSecond(java, firstHalf);
    }
    compile();
    List<Double> first = new ArrayList<>();
    List<Double> warm = new ArrayList<>();
    List<Double> djl = new ArrayList<>();
    List<Double> scale = new ArrayList<>();
    List<Double> djlScale = new ArrayList<>();
    List<Double> machineScale = new ArrayList<>();
    try (Tokenizer library = open(TokenizerEngine.DJL)) {
      for (int round = 0; round < ROUNDS; round++) {
        try (Tokenizer java = open(TokenizerEngine.JAVA)) {
          first.add(perCoreSecond(java, secondHalf));
          warm.add(perCoreSecond(java, secondHalf));
          djl.add(perCoreSecond(library, forLibrary));
          seconds(java, secondHalf, 2); // fills the second cache
          scale.add(seconds(java, secondHalf, 1) / seconds(java, secondHalf, 2));
        }
        djlScale.add(seconds(library, forLibrary, 1) / seconds(library, forLibrary, 2));
        machineScale.add(2 * loops(1) / loops(2));
      }
    }
    return String.format(
        Locale.ROOT,
        "%6.1f %6.1f %6.1f %6.2f | %6.1fx %6.1fx | %8.2fx %7.2fx %9.2fx",
        cold,
        median(first),
        median(warm),
        median(djl),
        median(first) / median(djl),
        median(warm) / median(djl),
        median(scale),
        median(djlScale),
        median(machineScale));
  }

  private void compile() throws IOException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < COMPILE_SECONDS * 1e9) {
      try (Tokenizer java = open(TokenizerEngine.JAVA)) {
        perCoreSecond(java, firstHalf);
      }
    }
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
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

  /** By the clock, with threads that take texts in turn. */
  private static double seconds(Tokenizer tokenizer, List<String> texts, int threads)
      throws ExecutionException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    return seconds(
        threads,
        () -> {
          for (int at = next.getAndIncrement(); at < texts.size(); at = next.getAndIncrement()) {
            tokenizer.encode(texts.get(at));
          }
        });
  }

  /** The time of independent additions in registers, run by each of some threads. */
  private static double loops(int threads) throws ExecutionException, InterruptedException {
    AtomicLong result = new AtomicLong();
    return seconds(
        threads,
        () -> {
          long a = 1;
          long b = 2;
          long c = 3;
          long d = 4;
          long e = 5;
          long f = 6;
          for (int i = 0; i < LOOPS; i++) {
            a += b ^ i;
            c += d ^ i;
            e += f ^ i;
            b += 3;
            d += 5;
            f += 7;
          }
          result.addAndGet(a + c + e);
        });
  }

  private static double seconds(int threads, Runnable work)
      throws ExecutionException, InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < threads; i++) {
        running.add(workers.submit(work));
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
