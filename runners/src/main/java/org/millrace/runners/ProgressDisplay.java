package org.millrace.runners;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shows how far a run is until it is closed: on a terminal one line that changes, else a line every
 * ten seconds.
 */
final class ProgressDisplay implements AutoCloseable {

  private static final long LIVE_MILLIS = 500;
  private static final long LOG_MILLIS = 10_000;

  private final Terminal terminal;
  private final Supplier<String> line;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(ProgressDisplay::daemon);
  private final long start = System.nanoTime();
  private boolean closed;

  private ProgressDisplay(Terminal terminal, Supplier<String> line) {
    this.terminal = terminal;
    this.line = line;
  }

  /**
   * Begins to show.
   *
   * @param line says how far the run is; called by one thread
   */
  static ProgressDisplay start(Terminal terminal, Supplier<String> line) {
    ProgressDisplay display = new ProgressDisplay(terminal, line);
    long millis = terminal.live() ? LIVE_MILLIS : LOG_MILLIS;
    var unused =
        display.clock.scheduleAtFixedRate(display::show, millis, millis, TimeUnit.MILLISECONDS);
    return display;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "millrace-progress");
    thread.setDaemon(true);
    return thread;
  }

  private synchronized void show() {
    if (closed) {
      return;
    }
    String elapsed = Amounts.duration(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
    String text = elapsed + " | " + line.get();
    if (terminal.live()) {
      // A line as wide as the terminal would wrap, and then could not be written over.
      int room = terminal.columns() - 1;
      terminal.err().print("\r" + text.substring(0, Math.min(text.length(), room)) + "\u001b[K");
      terminal.err().flush();
    } else {
      terminal.err().println(text);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    synchronized (this) {
      closed = true;
      if (terminal.live()) {
        terminal.err().print("\r\u001b[K");
        terminal.err().flush();
      }
    }
  }
}
