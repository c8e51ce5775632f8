package org.millrace.runners;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Says in one line how far a run is. Rates are those of the last seconds; the time left is that of
 * reading, by the average since the begin. Not shared by threads.
 */
final class ProgressLine {

  /** Rates over a shorter time jump about too much to be read. */
  private static final double WINDOW_SECONDS = 10;

  private final ProgressSnapshot start;
  private final long inputBytes;
  private final int shards;
  private final Deque<ProgressSnapshot> recent = new ArrayDeque<>();

  /**
   * The line of a run.
   *
   * @param start when it began; counters need not be zero
   * @param inputBytes the size of all input files
   * @param shards the shards to be written
   */
  ProgressLine(ProgressSnapshot start, long inputBytes, int shards) {
    this.start = start;
    this.inputBytes = inputBytes;
    this.shards = shards;
    recent.add(start);
  }

  /** The line for a later moment than that of the call before. */
  String at(ProgressSnapshot now) {
    recent.addLast(now);
    while (recent.size() > 2 && now.secondsSince(recent.peekFirst()) > WINDOW_SECONDS) {
      recent.removeFirst();
    }
    List<String> parts = new ArrayList<>();
    long read = now.inputBytes() - start.inputBytes();
    boolean reading = read < inputBytes;
    if (reading) {
      parts.add(Math.round(Math.floor(100.0 * read / inputBytes)) + " % read");
      addRates(parts, recent.peekFirst(), now);
      parts.add(left(read, now.secondsSince(start)));
    } else {
      parts.add("all read");
      parts.add(Amounts.of(now.documents() - start.documents(), "document", "documents"));
      parts.add(Amounts.of(now.tokens() - start.tokens(), "token", "tokens"));
      parts.add((now.shards() - start.shards()) + " of " + shards + " shards written");
    }
    parts.add(Amounts.count(now.badRecords() - start.badRecords()) + " bad");
    parts.removeIf(String::isEmpty);
    return String.join(" | ", parts);
  }

  private static void addRates(List<String> parts, ProgressSnapshot earlier, ProgressSnapshot now) {
    double seconds = Math.max(1e-3, now.secondsSince(earlier));
    parts.add(Amounts.rate((now.documents() - earlier.documents()) / seconds) + " documents/s");
    parts.add(Amounts.rate((now.tokens() - earlier.tokens()) / seconds) + " tokens/s");
    parts.add(Amounts.byteRate((now.textBytes() - earlier.textBytes()) / seconds) + "/s");
  }

  private String left(long read, double seconds) {
    if (read <= 0) {
      return "";
    }
    return Amounts.duration(Math.round(seconds * (inputBytes - read) / read)) + " left";
  }
}
