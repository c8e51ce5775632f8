package org.millrace.io.mds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;
import org.millrace.io.stored.Finding;

/** Labels are compared with the tokens wherever they count. */
class MdsLabelsTest {

  @TempDir private Path folder;

  private static NdArray array(int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int number : numbers) {
      bytes.putInt(number);
    }
    return new NdArray(DType.INT32, List.of(numbers.length), bytes.flip());
  }

  private static MdsColumn<List<NdArray>> column(String name, int index) {
    return new MdsColumn<>(Column.array(name, DType.INT32), sample -> sample.get(index));
  }

  private List<Finding> check(NdArray... sample) throws IOException {
    List<MdsColumn<List<NdArray>>> columns = new ArrayList<>();
    String[] names = {Column.TOKENS, Column.LABELS, Column.MASK};
    for (int i = 0; i < sample.length; i++) {
      columns.add(column(names[i], i));
    }
    return MdsFolder.write(
            folder, MdsIO.columns(columns, MdsSettings.standard()), List.of(List.of(sample)))
        .check(100);
  }

  @Test
  void anotherTokenThanTheNextIsFound() throws IOException {
    assertThat(
        check(array(5, 6, 7, 8), array(6, 9, 8, 1)),
        contains(Finding.of("shard.00000.mds", "sample 0, label 1", "the next token 7", 9)));
  }

  @Test
  void labelsThatDoNotCountMayBeAnything() throws IOException {
    assertThat(check(array(5, 6, 7, 8), array(6, -100, 8, -100)), empty());
  }

  @Test
  void maskedLabelsMayBeAnything() throws IOException {
    assertThat(check(array(5, 6, 7, 8), array(6, 9, 8, 1), array(1, 0, 1, 0)), empty());
  }

  @Test
  void labelsAreOfTheVocabulary() throws IOException {
    assertThat(
        check(array(5, 6), array(6, 100)).stream().map(Finding::problem).toList(),
        contains(
            "offset 234: sample 0, column labels ndarray:int32, id 1: expected 0..99, got 100"));
  }
}
