package org.millrace.io.column;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.millrace.transforms.data.Half;
import org.millrace.transforms.data.TopKLogits;

/** The columns of a teacher's targets: {@code target_index} and {@code target_prob}. */
public final class TargetColumns {

  /**
   * How far the probabilities of a position may be from 1: each is off by 2^-11 of itself, and the
   * small ones by up to 2^-25.
   */
  private static final double TOLERANCE = 0.01;

  private TargetColumns() {}

  /**
   * Of rows with a teacher's targets.
   *
   * @param positions how many positions each row has targets for
   * @param k the tokens for each position
   * @param index the type of ids: uint16 or int32
   */
  public static List<RowColumn> of(int positions, int k, DType index) {
    return List.of(
        new RowColumn(
            Column.array(Column.TARGET_INDEX, index, List.of(positions, k)),
            row -> index(targets(row), index, row.id())),
        new RowColumn(
            Column.array(Column.TARGET_PROB, DType.FLOAT16, List.of(positions, k + 1)),
            row -> values(targets(row))));
  }

  private static TopKLogits targets(TokenRow row) {
    return row.targets()
        .orElseThrow(() -> new IllegalArgumentException(row.id() + ": has no targets"));
  }

  /**
   * The ids, {@code [positions, k]}.
   *
   * @param dtype uint16 or int32; an id that does not fit is an error
   * @param id whose they are, for the error
   */
  public static NdArray index(TopKLogits targets, DType dtype, String id) {
    LittleEndianOutput.checkIds(targets.ids(), id, Integer.MAX_VALUE, dtype);
    ByteBuffer data = buffer(targets.ids().length() * dtype.bytes());
    dtype.put(targets.ids(), data);
    return new NdArray(dtype, List.of(targets.positions(), targets.k()), data.flip());
  }

  /** The values, {@code [positions, k + 1]}, in half precision. */
  public static NdArray values(TopKLogits targets) {
    ByteBuffer data = buffer(targets.positions() * (targets.k() + 1) * Short.BYTES);
    targets.putValues(data);
    return new NdArray(DType.FLOAT16, List.of(targets.positions(), targets.k() + 1), data.flip());
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * What is wrong with a sample's targets; empty when nothing is. Ids of a position must differ,
   * and probabilities, or their logarithms, must fall from each to the next and add up to 1.
   *
   * @param index whole numbers, {@code [positions, k]}
   * @param values half or single precision, {@code [positions, k + 1]}
   */
  public static Optional<String> problem(NdArray index, NdArray values) {
    List<Integer> shape = index.shape();
    boolean shaped =
        shape.size() == 2
            && index.dtype().isInteger()
            && !values.dtype().isInteger()
            && values.shape().equals(List.of(shape.get(0), shape.get(1) + 1));
    if (!shaped) {
      return Optional.of(
          "expected [positions, k] of whole numbers and [positions, k + 1] of float16, got %s of %s"
                  .formatted(index.shape(), index.dtype().label())
              + " and %s of %s".formatted(values.shape(), values.dtype().label()));
    }
    for (int position = 0; position < shape.get(0); position++) {
      Optional<String> problem = problem(index, values, position, shape.get(1));
      if (problem.isPresent()) {
        return problem.map("position %d: ".formatted(position)::concat);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> problem(NdArray index, NdArray values, int position, int k) {
    TreeSet<Long> ids = new TreeSet<>();
    double sum = 0;
    boolean logarithms = false;
    for (int rank = 0; rank <= k; rank++) {
      double value = number(values, position * (k + 1) + rank);
      logarithms |= value < 0;
      sum += logarithms ? Math.exp(value) : value;
      if (rank < k) {
        long id = index.dtype().get(index.data(), (position * k + rank) * index.dtype().bytes());
        if (id < 0 || !ids.add(id)) {
          return Optional.of("token " + rank + ": expected another id, got " + id);
        }
        if (rank > 0 && value > number(values, position * (k + 1) + rank - 1)) {
          return Optional.of("value " + rank + ": expected no more than the one before");
        }
      }
    }
    // The first logarithm of all may be 0, of which the sum above has made nothing.
    double first = number(values, position * (k + 1));
    double whole = logarithms && first == 0 ? sum + 1 : sum;
    return Math.abs(whole - 1) <= TOLERANCE
        ? Optional.empty()
        : Optional.of(
            String.format(Locale.ROOT, "expected probabilities of 1 in all, got %.4f", whole));
  }

  private static double number(NdArray array, int element) {
    ByteBuffer data = array.data();
    return switch (array.dtype()) {
      case FLOAT16 -> Half.value(data.getShort(element * Short.BYTES));
      case FLOAT32 -> data.getFloat(element * Float.BYTES);
      case FLOAT64 -> data.getDouble(element * Double.BYTES);
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 ->
          array.dtype().get(data, element * array.dtype().bytes());
    };
  }
}
