package org.millrace.io.npy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.millrace.io.column.Column;
import org.millrace.io.column.NdArray;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.StoredValues;
import org.millrace.io.stored.TokenDigest;

/**
 * Reads {@code [n][lengths][tokens]}: lengths and tokens side by side, in two streams.
 *
 * @param samples n
 */
record NpyDocumentReader(NpyArray array, long samples) implements ShardReader {

  static NpyDocumentReader open(NpyArray array) throws IOException {
    try (InputStream in = array.stream(0)) {
      long samples = number(array, in);
      if (samples < 0 || samples > array.elements() - 1) {
        throw array.damaged(0, "number of documents", "0.." + (array.elements() - 1), samples);
      }
      return new NpyDocumentReader(array, samples);
    }
  }

  @Override
  public List<Column> columns() {
    return List.of(Column.array(Column.TOKENS, array.dtype()));
  }

  private static long number(NpyArray array, InputStream in) throws IOException {
    return array.dtype().get(array.read(in, 1), 0);
  }

  /** The next length in a stream of them. */
  int length(InputStream lengths, long document, long left) throws IOException {
    long length = number(array, lengths);
    long max = Math.min(left, NpyArray.MAX_IDS);
    if (length < 0 || length > max) {
      throw array.damaged(1 + document, "length of document " + document, "0.." + max, length);
    }
    return (int) length;
  }

  /** The number of tokens. */
  long elements() {
    return array.elements() - 1 - samples;
  }

  @Override
  public OptionalLong tokens() {
    return OptionalLong.of(elements());
  }

  @Override
  public SortedMap<String, String> properties() {
    return new TreeMap<>(Map.of("layout", NpyIO.DOCUMENT_LAYOUT));
  }

  @Override
  public Contents check(long vocabularySize, Consumer<Finding> findings) throws IOException {
    TokenDigest.Builder digest = new TokenDigest.Builder();
    NpyArray.Position position = element -> "id of token " + (element - 1 - samples);
    long sum = 0;
    try (InputStream lengths = new BufferedInputStream(array.stream(1));
        InputStream in = new BufferedInputStream(array.stream(1 + samples))) {
      for (long i = 0; i < samples; i++) {
        int length = length(lengths, i, elements() - sum);
        long from = 1 + samples + sum;
        array.checkIds(from, from + length, in, vocabularySize, position, findings, digest);
        digest.endSample();
        sum += length;
      }
    }
    if (sum != elements()) {
      findings.accept(Finding.of(array.file().path(), "sum of lengths", elements(), sum));
    }
    return new Contents(samples, digest.build());
  }

  @Override
  public SampleCursor read(long from) throws IOException {
    InputStream lengths = new BufferedInputStream(array.stream(1));
    long before = 0;
    for (long i = 0; i < from; i++) {
      before += length(lengths, i, elements() - before);
    }
    InputStream in = new BufferedInputStream(array.stream(1 + samples + before), 1 << 18);
    return new Cursor(lengths, in, from, before);
  }

  private final class Cursor implements SampleCursor {
    private final InputStream lengths;
    private final InputStream in;
    private final List<Column> columns = columns();
    private long number;
    private long before;

    Cursor(InputStream lengths, InputStream in, long number, long before) {
      this.lengths = lengths;
      this.in = in;
      this.number = number;
      this.before = before;
    }

    @Override
    public Optional<StoredSample> next() throws IOException {
      if (number == samples) {
        return Optional.empty();
      }
      int length = length(lengths, number++, elements() - before);
      before += length;
      NdArray tokens = new NdArray(array.dtype(), List.of(length), array.read(in, length));
      return Optional.of(new StoredValues(columns, List.of(tokens)));
    }

    @Override
    public void close() throws IOException {
      lengths.close();
      in.close();
    }
  }

  @Override
  public void close() {}
}
