package org.millrace.io.stored;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Works on several items at a time and hands the results on in the order of the items, by the
 * thread that asked. Only a few results wait at any time.
 */
public final class InOrder {

  private InOrder() {}

  /** What is done with an item, by any thread. */
  @FunctionalInterface
  public interface Work<T, R> {
    R on(T item) throws IOException;
  }

  /** Takes the results. */
  @FunctionalInterface
  public interface Results<R> {
    void take(R result) throws IOException;
  }

  /** As many threads as this machine has processors. */
  public static int allThreads() {
    return Runtime.getRuntime().availableProcessors();
  }

  /**
   * Works on all items. When work on one fails, no other begins, and that failure is thrown once
   * all work has ended.
   */
  public static <T, R> void forEach(List<T> items, int threads, Work<T, R> work, Results<R> results)
      throws IOException {
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.max(1, Math.min(threads, items.size())), InOrder::thread);
    Deque<Future<R>> ahead = new ArrayDeque<>();
    try {
      for (T item : items) {
        if (ahead.size() == 2 * threads) {
          results.take(result(ahead.removeFirst()));
        }
        ahead.addLast(pool.submit(() -> work.on(item)));
      }
      while (!ahead.isEmpty()) {
        results.take(result(ahead.removeFirst()));
      }
    } finally {
      end(pool);
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "millrace-shards");
    thread.setDaemon(true);
    return thread;
  }

  private static <R> R result(Future<R> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void end(ExecutorService pool) throws InterruptedIOException {
    pool.shutdownNow();
    try {
      while (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
        // Work that has begun sees the interrupt when it reads or writes next.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  private static InterruptedIOException interrupted(InterruptedException cause) {
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(cause);
    return interrupted;
  }
}
