package org.millrace.runners.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.millrace.transforms.tokenize.Tokenizer;

/**
 * How much faster two threads encode than one, by the clock.
 *
 * <p>On a machine that is shared, two processors are now and then halves of one core, or one of
 * them is away. So one pass of one thread and one of two make a window, and before and after each
 * window a loop of independent additions in registers says what two threads can gain at that time.
 * A window is free where that is at least {@value #FREE} both times.
 */
final class ThreadScale {

  private static final double FREE = 1.8;
  private static final int WINDOWS = 25;
  private static final int FREE_WINDOWS = 9;
  private static final double MAX_SECONDS = 60;
  private static final int WINDOWS_OF_LIBRARY = 5;
  private static final int PORTIONS = 200;
  private static final int LOOPS = 60_000_000;

  /** What was added, so that it is added at all. */
  private static final AtomicLong SUM = new AtomicLong();

  private record Window(double gain, boolean free) {}

  private final List<Window> windows = new ArrayList<>();
  private final List<Double> machine = new ArrayList<>();
  private final List<Double> library = new ArrayList<>();

  /** Measures until there are enough windows, and enough free ones, or it takes too long. */
  static ThreadScale measure(
      Tokenizer java, List<String> texts, Tokenizer library, List<String> forLibrary)
      throws ExecutionException, InterruptedException {
    ThreadScale scale = new ThreadScale();
    scale.machine();
    gain(java, texts);
    scale.machine.clear();
    long start = System.nanoTime();
    double before = scale.machine();
    while (!scale.isEnough() && System.nanoTime() - start < MAX_SECONDS * 1e9) {
      double gain = gain(java, texts);
      double after = scale.machine();
      scale.windows.add(new Window(gain, Math.min(before, after) >= FREE));
      before = after;
    }
    for (int i = 0; i < WINDOWS_OF_LIBRARY; i++) {
      scale.library.add(gain(library, forLibrary));
    }
    return scale;
  }

  private boolean isEnough() {
    return windows.size() >= WINDOWS
        && windows.stream().filter(Window::free).count() >= FREE_WINDOWS;
  }

  static String header() {
    return String.format(
        Locale.ROOT, "%9s %8s %9s %8s %10s", "2 threads", "free", "of", "djl 2", "machine 2");
  }

  /**
   * Medians: of all windows, of the free ones and how many these are, the library's, the loop's.
   */
  @Override
  public String toString() {
    List<Double> free = windows.stream().filter(Window::free).map(Window::gain).toList();
    return String.format(
        Locale.ROOT,
        "%8.2fx %7s %5d/%3d %7.2fx %9.2fx",
        Median.of(windows.stream().map(Window::gain).toList()),
        free.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2fx", Median.of(free)),
        free.size(),
        windows.size(),
        Median.of(library),
        Median.of(machine));
  }

  private double machine() throws ExecutionException, InterruptedException {
    double gain = 2 * seconds(1, ThreadScale::add) / seconds(2, ThreadScale::add);
    machine.add(gain);
    return gain;
  }

  private static void add() {
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
    SUM.addAndGet(a + c + e);
  }

  private static double gain(Tokenizer tokenizer, List<String> texts)
      throws ExecutionException, InterruptedException {
    return seconds(1, encoding(tokenizer, texts)) / seconds(2, encoding(tokenizer, texts));
  }

  /** What threads do that take some texts at a time. */
  private static Runnable encoding(Tokenizer tokenizer, List<String> texts) {
    AtomicInteger next = new AtomicInteger();
    int some = Math.max(1, texts.size() / PORTIONS);
    return () -> {
      for (int at = next.getAndAdd(some); at < texts.size(); at = next.getAndAdd(some)) {
        texts.subList(at, Math.min(at + some, texts.size())).forEach(tokenizer::encode);
      }
    };
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
