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

/** Reads {@code [samples, length]}. */
record NpySequenceReader(NpyArray array) implements ShardReader {

  private int length() {
    return array.shape().get(1).intValue();
  }

  @Override
  public List<Column> columns() {
    return List.of(Column.array(Column.TOKENS, array.dtype(), List.of(length())));
  }

  @Override
  public long samples() {
    return array.shape().get(0);
  }

  @Override
  public OptionalLong tokens() {
    return OptionalLong.of(array.elements());
  }

  @Override
  public SortedMap<String, String> properties() {
    return new TreeMap<>(Map.of("layout", NpyIO.sequenceLayout(length())));
  }

  @Override
  public Contents check(long vocabularySize, Consumer<Finding> findings) throws IOException {
    int length = length();
    NpyArray.Position position =
        element -> "id of sample " + element / length + ", token " + element % length;
    TokenDigest.Builder digest = new TokenDigest.Builder();
    try (InputStream in = new BufferedInputStream(array.stream(0))) {
      for (long sample = 0; sample < samples(); sample++) {
        long from = sample * length;
        array.checkIds(from, from + length, in, vocabularySize, position, findings, digest);
        digest.endSample();
      }
    }
    return new Contents(samples(), digest.build());
  }

  @Override
  public SampleCursor read(long from) throws IOException {
    InputStream in = new BufferedInputStream(array.stream(from * length()), 1 << 18);
    List<Column> columns = columns();
    return new SampleCursor() {
      private long number = from;

      @Override
      public Optional<StoredSample> next() throws IOException {
        if (number == samples()) {
          return Optional.empty();
        }
        number++;
        NdArray tokens = new NdArray(array.dtype(), List.of(length()), array.read(in, length()));
        return Optional.of(new StoredValues(columns, List.of(tokens)));
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }

  @Override
  public void close() {}
}
