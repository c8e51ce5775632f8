package org.millrace.runners.cluster;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what other processes do, as they tell nobody. */
final class Poll {

  private static final Duration PAUSE = Duration.ofMillis(20);

  private Poll() {}

  /** Returns as soon as {@code condition} holds, and fails when it does not in good time. */
  static void until(Duration patience, String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + patience.toSeconds() + " s: " + what);
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }
}
