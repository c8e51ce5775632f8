package org.millrace.transforms.tokenize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.millrace.transforms.tokenize.bpe.UnsupportedTokenizerException;

/**
 * Asks both engines for the ids of very many texts, and stops at the first difference.
 *
 * <p>Arguments: tokenizer.json files, or folders in which they are looked for; {@code
 * --strings=10000000}, shared out over all tokenizers, their families and their settings; {@code
 * --seed=1} of the first string; {@code --texts=FOLDER} of texts, all of which go through each
 * file's own tokenizer; {@code --threads=2}; {@code --only=NAME} for what has that in its name.
 */
public final class DifferentialRun {

  private static final int BATCH = 500;

  private final int threads;
  private final AtomicReference<String> difference = new AtomicReference<>();

  DifferentialRun(int threads) {
    this.threads = threads;
  }

  /** Runs it; exits with 1 where there is a difference. */
  public static void main(String[] args) throws Exception {
    Map<String, String> options = new TreeMap<>();
    List<Path> files = new ArrayList<>();
    for (String arg : args) {
      if (arg.startsWith("--")) {
        String[] parts = arg.substring(2).split("=", 2);
        options.put(parts[0], parts[1]);
      } else {
        files.addAll(tokenizers(Path.of(arg)));
      }
    }
    long seed = Long.parseLong(options.getOrDefault("seed", "1"));
    long strings = Long.parseLong(options.getOrDefault("strings", "10000000"));
    DifferentialRun run =
        new DifferentialRun(Integer.parseInt(options.getOrDefault("threads", "2")));
    String only = options.getOrDefault("only", "");
    List<Kind> kinds = kinds(files).stream().filter(kind -> kind.name().contains(only)).toList();
    List<String> texts =
        options.containsKey("texts") ? TextFiles.in(Path.of(options.get("texts"))) : List.of();
    long done = 0;
    for (int i = 0; i < kinds.size(); i++) {
      long share = strings * (i + 1) / kinds.size() - strings * i / kinds.size();
      done += run.check(kinds.get(i), seed + strings * i / kinds.size(), share, texts);
    }
    System.out.printf(Locale.ROOT, "no difference in %d texts%n", done);
  }

  /** One tokenizer with one setting. */
  record Kind(
      String name, byte[] bytes, boolean own, boolean parseSpecialTokens, SplitDigits splitDigits) {

    EnginePair open() throws UnsupportedTokenizerException {
      return new EnginePair(name, bytes, parseSpecialTokens, splitDigits);
    }
  }

  private static List<Path> tokenizers(Path path) throws IOException {
    try (var files = Files.walk(path)) {
      return files
          .filter(
              file ->
                  file.equals(path) ? Files.isRegularFile(file) : file.endsWith("tokenizer.json"))
          .sorted()
          .toList();
    }
  }

  /** Every setting of each file, and of each family that it can stand for. */
  static List<Kind> kinds(List<Path> files) throws IOException {
    List<Kind> kinds = new ArrayList<>();
    for (Path file : files) {
      String folder = file.toAbsolutePath().getParent().getFileName().toString();
      Families.of(file)
          .forEach(
              (family, bytes) -> {
                boolean own = family.equals("own");
                for (boolean parsed : new boolean[] {false, true}) {
                  kinds.add(new Kind(folder + " " + family, bytes, own, parsed, SplitDigits.NONE));
                }
                for (SplitDigits digits : List.of(SplitDigits.ISOLATED, SplitDigits.ATTACH_SPACE)) {
                  if (allows(bytes, digits)) {
                    kinds.add(new Kind(folder + " " + family, bytes, own, false, digits));
                  }
                }
              });
    }
    return kinds;
  }

  private static boolean allows(byte[] bytes, SplitDigits digits) {
    try {
      new TokenizerJson("", bytes, digits);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Checks a kind, and says how many texts that were; a difference ends the process. */
  private long check(Kind kind, long seed, long strings, List<String> texts) throws Exception {
    long start = System.nanoTime();
    try (EnginePair pair = kind.open()) {
      Optional<String> found = random(pair, seed, strings);
      if (found.isEmpty()) {
        found = each(pair, LongTexts.all(pair.hard(), kind.own()));
      }
      if (found.isEmpty() && kind.own()) {
        found = each(pair, texts);
      }
      System.out.printf(
          Locale.ROOT,
          "%-50s %s, %.0f s%n",
          pair.name(),
          pair.counts(),
          (System.nanoTime() - start) / 1e9);
      if (found.isPresent()) {
        System.out.println("DIFFERENCE " + found.get());
        System.exit(1);
      }
      return pair.textCount();
    } catch (UnsupportedTokenizerException e) {
      System.out.printf(Locale.ROOT, "%-50s not in Java: %s%n", kind.name(), e.getMessage());
      return 0;
    }
  }

  /** The first difference in the texts of so many seeds. */
  Optional<String> random(EnginePair pair, long seed, long strings)
      throws ExecutionException, InterruptedException {
    AtomicLong next = new AtomicLong(seed);
    long end = seed + strings;
    return parallel(
        () -> {
          for (long from = next.getAndAdd(BATCH); from < end; from = next.getAndAdd(BATCH)) {
            for (long s = from; s < Math.min(end, from + BATCH) && difference.get() == null; s++) {
              long at = s;
              pair.difference(pair.hard().text(s))
                  .ifPresent(found -> difference.compareAndSet(null, "seed " + at + ": " + found));
            }
          }
        });
  }

  /** The first difference in these texts. */
  Optional<String> each(EnginePair pair, List<String> texts)
      throws ExecutionException, InterruptedException {
    AtomicLong next = new AtomicLong();
    return parallel(
        () -> {
          for (long i = next.getAndIncrement();
              i < texts.size() && difference.get() == null;
              i = next.getAndIncrement()) {
            long at = i;
            pair.difference(texts.get((int) i))
                .ifPresent(found -> difference.compareAndSet(null, "text " + at + ": " + found));
          }
        });
  }

  private Optional<String> parallel(Runnable work) throws ExecutionException, InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      Future<?>[] running = new Future<?>[threads];
      Arrays.setAll(running, i -> workers.submit(work));
      for (Future<?> each : running) {
        each.get();
      }
      return Optional.ofNullable(difference.get());
    } finally {
      workers.shutdown();
    }
  }
}
