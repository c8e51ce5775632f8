package org.millrace.runners.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
 *   <li>2 threads: how much faster two threads are than one on the second half, by the clock: see
 *       {@link ThreadScale}.
 * </ol>
 *
 * <p>The engines take turns, and each figure but the first is the median of seven: a ratio is that
 * of two passes one after the other, as the machine's speed comes and goes. With {@code --library}
 * all that is done, and printed, is one pass of the library.
 */
public final class EncodeSpeed {

  private static final int ROUNDS = 7;
  private static final double COMPILE_SECONDS = 5;

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
          "%-16s %-14s %8s | %6s %6s %6s %6s | %7s %7s | %s%n",
          "tokenizer",
          "texts",
          "bytes",
          "cold",
          "first",
          "warm",
          "djl",
          "first:",
          "warm:",
          ThreadScale.header());
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
    List<Double> firstRatio = new ArrayList<>();
    List<Double> warmRatio = new ArrayList<>();
    ThreadScale scale;
    try (Tokenizer library = open(TokenizerEngine.DJL)) {
      for (int round = 0; round < ROUNDS; round++) {
        try (Tokenizer java = open(TokenizerEngine.JAVA)) {
          first.add(perCoreSecond(java, secondHalf));
          warm.add(perCoreSecond(java, secondHalf));
          djl.add(perCoreSecond(library, forLibrary));
          firstRatio.add(first.get(round) / djl.get(round));
          warmRatio.add(warm.get(round) / djl.get(round));
        }
      }
      try (Tokenizer java = open(TokenizerEngine.JAVA)) {
        scale = ThreadScale.measure(java, secondHalf, library, forLibrary);
      }
    }
    return String.format(
        Locale.ROOT,
        "%6.1f %6.1f %6.1f %6.2f | %6.1fx %6.1fx | %s",
        cold,
        Median.of(first),
        Median.of(warm),
        Median.of(djl),
        Median.of(firstRatio),
        Median.of(warmRatio),
        scale);
  }

  private void compile() throws IOException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < COMPILE_SECONDS * 1e9) {
      try (Tokenizer java = open(TokenizerEngine.JAVA)) {
        perCoreSecond(java, firstHalf);
      }
    }
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
}
