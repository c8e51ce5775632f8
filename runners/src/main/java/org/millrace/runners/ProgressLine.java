package org.millrace.runners;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Says in one line how far a run is. Rates are those of the last seconds. The time left is that of
 * the phase: first all is read, then what is left of the tokenizing is done (duplicates are known
 * only when all is read), then shards are sorted and written. Not shared by threads.
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
    while (recent.size() > 2 && now.since(recent.peekFirst()).seconds() > WINDOW_SECONDS) {
      recent.removeFirst();
    }
    ProgressSnapshot done = now.since(start);
    ProgressSnapshot lately = now.since(recent.peekFirst());
    List<String> parts = new ArrayList<>();
    if (done.inputBytes() < inputBytes) {
      parts.add(percent(done.inputBytes(), inputBytes) + " read");
      parts.addAll(rates(lately));
      parts.add(left(inputBytes - done.inputBytes(), done.inputBytes(), done.seconds(), "read"));
    } else if (done.samples() == 0) {
      long wanted = done.documents();
      parts.add("all read, " + percent(done.tokenizedDocuments(), wanted) + " tokenized");
      parts.addAll(rates(lately));
      parts.add(
          left(
              wanted - done.tokenizedDocuments(),
              lately.tokenizedDocuments(),
              lately.seconds(),
              "tokenize"));
    } else {
      parts.add("all tokenized");
      parts.add(Amounts.of(done.tokenizedDocuments(), "document", "documents"));
      parts.add(Amounts.of(done.tokens(), "token", "tokens"));
      parts.add(done.shards() + " of " + shards + " shards written");
    }
    parts.add(Amounts.count(done.badRecords()) + " bad");
    parts.removeIf(String::isEmpty);
    return String.join(" | ", parts);
  }

  private static String percent(long part, long whole) {
    return (whole == 0 ? 100 : (int) (100.0 * part / whole)) + " %";
  }

  private static List<String> rates(ProgressSnapshot lately) {
    double seconds = Math.max(1e-3, lately.seconds());
    // Until the first document is tokenized, those that are read show that something goes on.
    long documents = lately.tokens() > 0 ? lately.tokenizedDocuments() : lately.documents();
    return List.of(
        Amounts.rate(documents / seconds) + " documents/s",
        Amounts.rate(lately.tokens() / seconds) + " tokens/s",
        Amounts.byteRate(lately.textBytes() / seconds) + "/s");
  }

  /** The time that the rest takes at the pace of what is done. */
  private static String left(long rest, long done, double seconds, String verb) {
    return done <= 0 || rest <= 0
        ? ""
        : Amounts.duration(Math.round(seconds * rest / done)) + " left to " + verb;
  }
}
