package org.millrace.pipelines.datasets;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.io.column.Column;
import org.millrace.io.column.NdArray;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.StoredSample;
import org.millrace.transforms.data.TokenIds;

/**
 * Reads the windows of a range, and what the teacher is to read before each.
 *
 * <p>Passages that were retrieved are in a dataset of the same samples in the same order; where
 * both have a key, the keys must agree.
 */
final class WindowReader implements Closeable {

  /** The passages of a sample: a list of arrays, or an array [passages, length]. */
  static final String PASSAGES = "retrieved_token_ids";

  private final StoredWindows windows;
  private final WindowSettings settings;
  private final SampleCursor samples;
  private final Optional<SampleCursor> passages;
  private long number;

  /**
   * A window.
   *
   * @param number its place in its folder
   * @param previous what the teacher reads before it
   * @param tokens those of its own that have targets
   */
  record Window(long number, String domain, long index, TokenIds previous, TokenIds tokens) {}

  /**
   * Begins to read.
   *
   * @param from the number of the first window
   */
  WindowReader(WindowSource.Part part, WindowSettings settings, long from) {
    this.windows = part.windows();
    this.settings = settings;
    this.samples = part.windows().shards().read(MdsIO.format(), from);
    this.passages =
        part.retrieved().stream()
            .findFirst()
            .map(found -> found.shards().read(MdsIO.format(), from));
    this.number = from;
  }

  /** The next window; empty behind the last of its folder. */
  Optional<Window> next() throws IOException {
    Optional<StoredSample> sample = samples.next();
    if (sample.isEmpty()) {
      return Optional.empty();
    }
    StoredSample own = sample.get();
    String where = windows.name() + ", sample " + number;
    String domain = text(own, where).orElse(windows.domain());
    long index = index(own, where).orElse(number);
    TokenIds all = own.ids(windows.tokenColumn(), where);
    int count = Math.min(all.length(), settings.decoderTokens());
    if (count == 0) {
      throw new IOException(
          where + ": column " + windows.tokenColumn() + ": expected tokens, got none");
    }
    TokenIds previous = passages.isPresent() ? retrieved(own, where) : previous(own, where);
    return Optional.of(new Window(number++, domain, index, previous, all.slice(0, count)));
  }

  private TokenIds previous(StoredSample sample, String where) throws IOException {
    if (settings.encoderTokens() == 0 || sample.index(Column.PREVIOUS_TOKENS).isEmpty()) {
      return TokenIds.of();
    }
    TokenIds all = sample.ids(Column.PREVIOUS_TOKENS, where);
    return all.slice(Math.max(0, all.length() - settings.encoderTokens()), all.length());
  }

  private TokenIds retrieved(StoredSample own, String where) throws IOException {
    StoredSample sample =
        passages
            .get()
            .next()
            .orElseThrow(() -> new IOException(where + ": expected its passages, got none"));
    boolean same =
        agree(text(own, where), text(sample, where))
            && agree(index(own, where), index(sample, where));
    if (!same) {
      throw new IOException(
          where + ": the passages are those of another sample: its domain or index is another");
    }
    int column =
        sample
            .index(PASSAGES)
            .orElseThrow(() -> new IOException(where + ": expected a column " + PASSAGES));
    List<TokenIds> read = new ArrayList<>();
    for (NdArray passage : arrays(sample.value(column), where)) {
      if (read.size() < settings.passages()) {
        read.add(passage.ids(where + ": column " + PASSAGES));
      }
    }
    return join(read);
  }

  private static <T> boolean agree(Optional<T> one, Optional<T> other) {
    return one.isEmpty() || other.isEmpty() || one.equals(other);
  }

  private static List<NdArray> arrays(Object value, String where) throws IOException {
    if (value instanceof NdArray array && array.shape().size() == 2) {
      List<NdArray> rows = new ArrayList<>();
      int bytes = array.shape().get(1) * array.dtype().bytes();
      for (int row = 0; row < array.shape().get(0); row++) {
        rows.add(
            new NdArray(
                array.dtype(),
                List.of(array.shape().get(1)),
                array.data().slice(row * bytes, bytes)));
      }
      return rows;
    }
    if (value instanceof List<?> list) {
      List<NdArray> found = new ArrayList<>();
      for (Object each : list) {
        if (each instanceof NdArray array) {
          found.add(array);
        }
      }
      if (found.size() == list.size()) {
        return found;
      }
    }
    throw new IOException(
        where + ": column " + PASSAGES + ": expected a list of arrays, or one of two dimensions");
  }

  private static TokenIds join(List<TokenIds> parts) {
    int[] joined = new int[parts.stream().mapToInt(TokenIds::length).sum()];
    int at = 0;
    for (TokenIds part : parts) {
      part.copyTo(joined, at);
      at += part.length();
    }
    return TokenIds.wrap(joined);
  }

  private static Optional<String> text(StoredSample sample, String where) throws IOException {
    Optional<Integer> column = sample.index(Column.DOMAIN);
    if (column.isEmpty()) {
      return Optional.empty();
    }
    if (sample.value(column.get()) instanceof String domain) {
      return Optional.of(domain);
    }
    throw new IOException(where + ": column domain: expected text");
  }

  private static Optional<Long> index(StoredSample sample, String where) throws IOException {
    Optional<Integer> column = sample.index(Column.INDEX);
    if (column.isEmpty()) {
      return Optional.empty();
    }
    if (sample.value(column.get()) instanceof Long index && index >= 0) {
      return Optional.of(index);
    }
    throw new IOException(where + ": column index: expected a number of 0 or more");
  }

  @Override
  public void close() throws IOException {
    try (samples) {
      if (passages.isPresent()) {
        passages.get().close();
      }
    }
  }
}
