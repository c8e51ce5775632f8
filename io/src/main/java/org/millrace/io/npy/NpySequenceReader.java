package org.millrace.io.npy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.millrace.io.column.Column;
import org.millrace.io.column.NdArray;
import org.millrace.io.column.TargetColumns;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.StoredValues;
import org.millrace.io.stored.TokenDigest;

/**
 * Reads {@code [samples, length]}.
 *
 * @param array the tokens
 * @param beside arrays of as many samples, each in the file of its column
 */
record NpySequenceReader(NpyArray array, List<NpyArray> beside) implements ShardReader {

  private int length() {
    return array.shape().get(1).intValue();
  }

  @Override
  public List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.array(Column.TOKENS, array.dtype(), List.of(length())));
    for (NpyArray each : beside) {
      columns.add(Column.array(NpyFormat.column(each.file()), each.dtype(), shape(each)));
    }
    return columns;
  }

  private static List<Integer> shape(NpyArray array) {
    return array.shape().stream().skip(1).map(Long::intValue).toList();
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
    checkTargets(findings);
    return new Contents(samples(), digest.build());
  }

  private void checkTargets(Consumer<Finding> findings) throws IOException {
    if (beside.isEmpty()) {
      return;
    }
    try (SampleCursor cursor = read(0)) {
      for (long number = 0; number < samples(); number++) {
        StoredSample sample = cursor.next().orElseThrow();
        Optional<Integer> index = sample.index(Column.TARGET_INDEX);
        Optional<Integer> values = sample.index(Column.TARGET_PROB);
        if (index.isPresent()
            && values.isPresent()
            && sample.value(index.get()) instanceof NdArray ids
            && sample.value(values.get()) instanceof NdArray probabilities) {
          String where = "sample " + number + ", targets: ";
          String path = beside.get(0).file().path();
          TargetColumns.problem(ids, probabilities)
              .ifPresent(problem -> findings.accept(new Finding(path, where + problem)));
        }
      }
    }
  }

  @Override
  public SampleCursor read(long from) throws IOException {
    List<Column> columns = columns();
    List<InputStream> streams = new ArrayList<>();
    List<NpyArray> arrays = new ArrayList<>(List.of(array));
    arrays.addAll(beside);
    for (NpyArray each : arrays) {
      long element = from * (each.elements() / Math.max(1, samples()));
      streams.add(new BufferedInputStream(each.stream(element), 1 << 18));
    }
    return new SampleCursor() {
      private long number = from;

      @Override
      public Optional<StoredSample> next() throws IOException {
        if (number == samples()) {
          return Optional.empty();
        }
        number++;
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < arrays.size(); i++) {
          NpyArray each = arrays.get(i);
          List<Integer> shape = shape(each);
          int elements = shape.stream().reduce(1, Math::multiplyExact);
          values.add(new NdArray(each.dtype(), shape, each.read(streams.get(i), elements)));
        }
        return Optional.of(new StoredValues(columns, values));
      }

      @Override
      public void close() throws IOException {
        for (InputStream stream : streams) {
          stream.close();
        }
      }
    };
  }

  @Override
  public void close() {}
}
