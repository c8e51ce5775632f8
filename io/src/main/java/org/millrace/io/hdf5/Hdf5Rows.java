package org.millrace.io.hdf5;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.io.FileSystems;
import org.millrace.io.column.DType;
import org.millrace.io.document.InputFile;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.InOrder;
import org.millrace.io.stored.StoredFile;

/**
 * Rows {@code [3, length]} in HDF5 files, whoever wrote them: ids, loss mask and labels. What is
 * known of them when nothing but the heads of the files has been read.
 *
 * @param files in the order of their paths; those without a wanted row among them
 * @param length the tokens in each row
 */
public record Hdf5Rows(List<Hdf5RowFile> files, int length) implements Serializable {

  public Hdf5Rows {
    files = List.copyOf(files);
    checkArgument(!files.isEmpty(), "there are no files of rows");
  }

  /** Tells what a file belongs to. */
  @FunctionalInterface
  public interface Sources {
    /** The source of a file, by its path from the input's root; empty where it is not wanted. */
    Optional<String> of(InputFile file);
  }

  /** Tells what of a source is wanted. */
  @FunctionalInterface
  public interface Selections {
    RowSelection of(String source);
  }

  private record Head(InputFile file, String source, RowDataset dataset) {}

  /**
   * Reads the heads of files.
   *
   * @throws IOException when one is damaged or holds other data: with its path, what was expected
   *     and what was found
   */
  public static Hdf5Rows open(List<InputFile> inputs, Sources sources, Selections selections)
      throws IOException {
    List<InputFile> wanted = new ArrayList<>();
    for (InputFile input : inputs) {
      Optional<String> source = sources.of(input);
      if (source.isPresent() && selections.of(source.get()).selects(input.relativePath())) {
        wanted.add(input);
      }
    }
    checkArgument(!wanted.isEmpty(), "of %s files none is wanted", inputs.size());
    List<Head> heads = new ArrayList<>();
    InOrder.forEach(
        wanted,
        InOrder.allThreads(),
        input -> new Head(input, sources.of(input).orElseThrow(), head(input)),
        heads::add);
    int length = heads.get(0).dataset.length();
    for (Head head : heads) {
      check(head.dataset, length, heads.get(0).file.relativePath());
    }
    return new Hdf5Rows(select(heads, selections), length);
  }

  private static RowDataset head(InputFile input) throws IOException {
    return RowDataset.read(
        new StoredFile(
            FileSystems.matchNewResource(input.resource(), false),
            input.relativePath(),
            input.bytes()));
  }

  private static void check(RowDataset dataset, int length, String first) throws IOException {
    String path = dataset.file().path();
    if (dataset.lines() != Hdf5IO.LINES) {
      String expected = "rows of ids, mask and labels (millrace convert makes them of ids alone)";
      throw refusal(path, "dimensions", expected, dataset.lines() + " lines");
    }
    if (dataset.length() != length) {
      throw refusal(path, "tokens in a row", length + ", as in " + first, dataset.length());
    }
    Optional<Attribute> count = dataset.rowCount();
    if (count.isPresent() && count.get().value() != dataset.rows()) {
      String what = "attribute " + Hdf5IO.ROW_COUNT;
      long got = count.get().value();
      throw new IOException(
          Finding.at(path, count.get().address(), what, dataset.rows(), got).toString());
    }
  }

  private static IOException refusal(String path, String what, Object expected, Object got) {
    return new IOException(Finding.of(path, what, expected, got).toString());
  }

  private static List<Hdf5RowFile> select(List<Head> heads, Selections selections) {
    SortedMap<String, Long> rows = new TreeMap<>();
    heads.forEach(head -> rows.merge(head.source, head.dataset.rows(), Long::sum));
    SortedMap<String, Long> before = new TreeMap<>();
    List<Hdf5RowFile> files = new ArrayList<>();
    for (Head head : heads) {
      RowSelection selection = selections.of(head.source);
      long first = selection.first(rows.get(head.source));
      long end = Math.max(first, selection.end(rows.get(head.source)));
      long begin = before.getOrDefault(head.source, 0L);
      long count = head.dataset.rows();
      long from = Math.min(count, Math.max(0, first - begin));
      long to = Math.max(from, Math.min(count, end - begin));
      files.add(
          new Hdf5RowFile(
              head.file.relativePath(),
              head.file.resource(),
              head.file.bytes(),
              head.source,
              count,
              from,
              to,
              begin + from - first,
              isWhole(head.dataset)));
      before.put(head.source, begin + count);
    }
    return files;
  }

  /** Whether each chunk is a row, deflated and nothing else. */
  static boolean isWhole(RowDataset dataset) {
    List<Integer> row = List.of(1, Hdf5IO.LINES, dataset.length());
    return dataset.dtype() == DType.INT32
        && dataset.filters().filters().equals(List.of(FilterPipeline.DEFLATE))
        && dataset.layout().chunks().filter(chunk -> chunk.dimensions().equals(row)).isPresent();
  }

  /** How many rows are wanted of each source. */
  public SortedMap<String, Long> rowsBySource() {
    SortedMap<String, Long> rows = new TreeMap<>();
    files.forEach(file -> rows.merge(file.source(), file.wanted(), Long::sum));
    return rows;
  }

  /** How many rows are wanted. */
  public long rows() {
    return files.stream().mapToLong(Hdf5RowFile::wanted).sum();
  }

  /** The size of all files. */
  public long bytes() {
    return files.stream().mapToLong(Hdf5RowFile::bytes).sum();
  }

  /** Of how many wanted rows the stored form is carried over as it is. */
  public long wholeRows() {
    return files.stream().filter(Hdf5RowFile::whole).mapToLong(Hdf5RowFile::wanted).sum();
  }
}
