package org.millrace.io.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.millrace.io.column.DType;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.TokenDigest;

/**
 * Checks rows: ids and labels are in the vocabulary, the mask is 0 or 1, and where it is 1 a label
 * is the next id. Of a row each kind of fault is reported once, with the number of its like.
 */
final class RowCheck {

  private static final int IDS = 0;
  private static final int MASK = 1;
  private static final int LABELS = 2;

  private final RowDataset dataset;
  private final RowBlocks rows;
  private final long vocabularySize;
  private final Consumer<Finding> findings;
  private final TokenDigest.Builder digest = new TokenDigest.Builder();

  RowCheck(RowDataset dataset, RowBlocks rows, long vocabularySize, Consumer<Finding> findings) {
    this.dataset = dataset;
    this.rows = rows;
    this.vocabularySize = vocabularySize;
    this.findings = findings;
  }

  TokenDigest digest() {
    return digest.build();
  }

  /** Faults of one kind in a row. */
  private static final class Faults {
    private int first = -1;
    private int count;

    void add(int place) {
      first = count++ == 0 ? place : first;
    }
  }

  void check(long row) throws IOException {
    ByteBuffer ids = line(row, IDS);
    checkVocabulary(row, IDS, ids, "id");
    for (int i = 0; i < dataset.length(); i++) {
      digest.add(number(ids, i));
    }
    digest.endSample();
    if (dataset.lines() == Hdf5IO.LINES) {
      ByteBuffer labels = line(row, LABELS);
      checkVocabulary(row, LABELS, labels, "label");
      checkLabels(row, ids, line(row, MASK), labels);
    }
  }

  private ByteBuffer line(long row, int line) throws IOException {
    return rows.line(row, line).order(ByteOrder.LITTLE_ENDIAN);
  }

  private long number(ByteBuffer line, int place) {
    DType dtype = dataset.dtype();
    return dtype.get(line, place * dtype.bytes());
  }

  private void checkVocabulary(long row, int line, ByteBuffer values, String what)
      throws IOException {
    Faults outside = new Faults();
    for (int i = 0; i < dataset.length(); i++) {
      long value = number(values, i);
      if (value < 0 || value >= vocabularySize) {
        outside.add(i);
      }
    }
    report(outside, row, line, what, "0.." + (vocabularySize - 1), values);
  }

  private void checkLabels(long row, ByteBuffer ids, ByteBuffer mask, ByteBuffer labels)
      throws IOException {
    Faults noMask = new Faults();
    Faults notNext = new Faults();
    for (int i = 0; i < dataset.length(); i++) {
      long counts = number(mask, i);
      if (counts != 0 && counts != 1) {
        noMask.add(i);
      }
      boolean hasNext = counts == 1 && i + 1 < dataset.length();
      if (hasNext && number(labels, i) != number(ids, i + 1)) {
        notNext.add(i);
      }
    }
    report(noMask, row, MASK, "loss mask", "0 or 1", mask);
    if (notNext.count > 0) {
      String expected = number(ids, notNext.first + 1) + ", the next id, as the loss mask is 1";
      report(notNext, row, LABELS, "label", expected, labels);
    }
  }

  private void report(
      Faults faults, long row, int line, String what, String expected, ByteBuffer values)
      throws IOException {
    if (faults.count > 0) {
      long offset = rows.address(row, line, faults.first);
      String where = "row " + row + ", position " + faults.first + ": " + what;
      String more = faults.count == 1 ? "" : ", and " + (faults.count - 1) + " more in the row";
      Object got = number(values, faults.first) + more;
      findings.accept(Finding.at(dataset.file().path(), offset, where, expected, got));
    }
  }
}
