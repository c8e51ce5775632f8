package org.millrace.io.hdf5;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;
import org.millrace.io.column.TargetColumns;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.StoredValues;

/**
 * Reads the rows of a file.
 *
 * @param dataset their tokens
 * @param arrays what else there is of each row
 */
record RowReader(RowDataset dataset, List<RowArray> arrays) implements ShardReader {

  private static final List<String> LINES = List.of(Column.TOKENS, Column.MASK, Column.LABELS);

  @Override
  public List<Column> columns() {
    List<Integer> shape = List.of(dataset.length());
    return Stream.concat(
            LINES.subList(0, dataset.lines()).stream()
                .map(name -> Column.array(name, dataset.dtype(), shape)),
            arrays.stream().map(RowArray::column))
        .toList();
  }

  @Override
  public long samples() {
    return dataset.rows();
  }

  @Override
  public OptionalLong tokens() {
    return OptionalLong.of(dataset.rows() * dataset.length());
  }

  @Override
  public SortedMap<String, String> properties() {
    TreeMap<String, String> properties = new TreeMap<>();
    properties.put(
        "chunk",
        dataset.layout().chunks().map(chunk -> chunk.dimensions().toString()).orElse("none"));
    properties.put("filters", dataset.filters().names());
    return properties;
  }

  @Override
  public Contents check(long vocabularySize, Consumer<Finding> findings) throws IOException {
    checkFile(findings);
    checkRowCount(findings);
    try (RowBlocks blocks = new RowBlocks(dataset)) {
      long chunks = blocks.chunksOfDataset();
      long stored = blocks.storedChunks();
      if (stored != chunks) {
        findings.accept(at(dataset.header(), "chunks stored", chunks, stored));
      }
      RowCheck rows = new RowCheck(dataset, blocks, vocabularySize, findings);
      for (long row = 0; row < dataset.rows(); row++) {
        rows.check(row);
      }
      checkTargets(findings);
      return new Contents(dataset.rows(), rows.digest());
    }
  }

  private void checkTargets(Consumer<Finding> findings) throws IOException {
    if (arrays.isEmpty()) {
      return;
    }
    try (SampleCursor cursor = read(0)) {
      for (long row = 0; row < dataset.rows(); row++) {
        StoredSample sample = cursor.next().orElseThrow();
        Optional<Integer> index = sample.index(Column.TARGET_INDEX);
        Optional<Integer> values = sample.index(Column.TARGET_PROB);
        if (index.isEmpty() || values.isEmpty()) {
          String got = arrays.get(0).name() + " alone";
          findings.accept(
              Finding.of(dataset.file().path(), "datasets", "target_index and target_prob", got));
          return;
        }
        String where = "row " + row + ", targets: ";
        TargetColumns.problem(
                (NdArray) sample.value(index.get()), (NdArray) sample.value(values.get()))
            .ifPresent(
                problem -> findings.accept(new Finding(dataset.file().path(), where + problem)));
      }
    }
  }

  private void checkFile(Consumer<Finding> findings) {
    long end = dataset.superblock().end();
    if (end < dataset.file().bytes()) {
      findings.accept(at(end, "bytes behind the end", 0, dataset.file().bytes() - end));
    }
    if (dataset.dtype() != DType.INT32) {
      String got = dataset.dtype().label();
      findings.accept(at(dataset.header(), "datatype of data", DType.INT32.label(), got));
    }
  }

  /** Cerebras' reader of rows with three lines insists on the attribute. */
  private void checkRowCount(Consumer<Finding> findings) {
    Optional<Attribute> count = dataset.rowCount();
    if (count.isEmpty() && dataset.lines() == Hdf5IO.LINES) {
      long root = dataset.superblock().rootHeader();
      findings.accept(at(root, "attribute " + Hdf5IO.ROW_COUNT, dataset.rows(), "none"));
    }
    if (count.isPresent() && count.get().value() != dataset.rows()) {
      long got = count.get().value();
      String what = "attribute " + Hdf5IO.ROW_COUNT;
      findings.accept(at(count.get().address(), what, dataset.rows(), got));
    }
  }

  private Finding at(long offset, String what, Object expected, Object got) {
    return Finding.at(dataset.file().path(), offset, what, expected, got);
  }

  @Override
  public SampleCursor read(long from) throws IOException {
    RowBlocks blocks = new RowBlocks(dataset);
    List<RowBlocks> beside = new ArrayList<>();
    for (RowArray array : arrays) {
      beside.add(new RowBlocks(array.dataset()));
    }
    List<Column> columns = columns();
    return new SampleCursor() {
      private long row = from;

      @Override
      public Optional<StoredSample> next() throws IOException {
        if (row == samples()) {
          return Optional.empty();
        }
        List<Object> values = new ArrayList<>();
        for (int line = 0; line < dataset.lines(); line++) {
          List<Integer> shape = List.of(dataset.length());
          values.add(new NdArray(dataset.dtype(), shape, blocks.line(row, line)));
        }
        for (int i = 0; i < arrays.size(); i++) {
          values.add(arrays.get(i).read(beside.get(i), row));
        }
        row++;
        return Optional.of(new StoredValues(columns, values));
      }

      @Override
      public void close() throws IOException {
        for (RowBlocks each : beside) {
          each.close();
        }
        blocks.close();
      }
    };
  }

  @Override
  public void close() {}
}
