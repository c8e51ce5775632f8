package org.millrace.runners;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.transforms.data.Half;
import org.millrace.io.column.NdArray;
import org.millrace.io.stored.StoredSample;
import org.millrace.transforms.data.TokenIds;

/** Shows in a line each what a sample holds beside its token ids. */
final class ColumnText {

  private static final int ITEMS_SHOWN = 12;
  private static final int BYTES_SHOWN = 16;

  private final StoredSample sample;
  private final int limit;

  /**
   * What a sample holds.
   *
   * @param limit how many characters of a text are shown
   */
  ColumnText(StoredSample sample, int limit) {
    this.sample = sample;
    this.limit = limit;
  }

  /**
   * All columns but that of the token ids.
   *
   * @param tokens its name, and the ids in it, where there is one
   */
  List<String> lines(Optional<String> tokens, Optional<TokenIds> ids) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < sample.columns().size(); i++) {
      Column column = sample.columns().get(i);
      if (!tokens.equals(Optional.of(column.name()))) {
        lines.addAll(line(column, sample.value(i), ids));
      }
    }
    return lines;
  }

  private List<String> line(Column column, Object value, Optional<TokenIds> tokens) {
    String name = PlainText.of(column.name()) + ": ";
    if (value instanceof NdArray array && array.dtype().isInteger() && array.shape().size() == 1) {
      return switch (column.name()) {
        case Column.MASK -> List.of(name + runs(array));
        case Column.LABELS -> List.of(name + labels(array, tokens));
        default -> List.of(name + array(array));
      };
    }
    List<String> lines = PlainText.shorten(text(value), limit).lines().toList();
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < Math.max(1, lines.size()); i++) {
      shown.add((i == 0 ? name : "    ") + (lines.isEmpty() ? "" : PlainText.of(lines.get(i))));
    }
    return shown;
  }

  private static String text(Object value) {
    if (value instanceof NdArray array) {
      return array(array);
    }
    if (value instanceof List<?> list) {
      String first = list.isEmpty() ? "" : "; the first: " + text(list.get(0));
      return Amounts.of(list.size(), "array", "arrays") + first;
    }
    if (value instanceof byte[] bytes) {
      return bytes(ByteBuffer.wrap(bytes));
    }
    if (value instanceof ByteBuffer bytes) {
      return bytes(bytes);
    }
    if (value instanceof Long count) {
      return Long.toString(count);
    }
    return value instanceof BigInteger number ? number.toString() : String.valueOf(value);
  }

  private static String bytes(ByteBuffer bytes) {
    byte[] head = new byte[Math.min(BYTES_SHOWN, bytes.remaining())];
    bytes.duplicate().get(head);
    return Amounts.of(bytes.remaining(), "byte", "bytes")
        + ": "
        + HexFormat.ofDelimiter(" ").formatHex(head)
        + (head.length < bytes.remaining() ? " ..." : "");
  }

  private static String array(NdArray array) {
    StringBuilder text = new StringBuilder();
    text.append(array.dtype().label()).append(' ').append(array.shape()).append(':');
    int shown = Math.min(ITEMS_SHOWN, array.elements());
    for (int i = 0; i < shown; i++) {
      text.append(' ').append(element(array, i));
    }
    return text.append(shown < array.elements() ? " ..." : "").toString();
  }

  private static String element(NdArray array, int index) {
    DType dtype = array.dtype();
    return switch (dtype) {
      case FLOAT16 ->
          Float.toString((float) Half.value(array.data().getShort(index * dtype.bytes())));
      case FLOAT32 -> Float.toString(array.data().getFloat(index * dtype.bytes()));
      case FLOAT64 -> Double.toString(array.data().getDouble(index * dtype.bytes()));
      case UINT64 -> Long.toUnsignedString(array.data().getLong(index * dtype.bytes()));
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, INT64 -> Long.toString(number(array, index));
    };
  }

  private static long number(NdArray array, int index) {
    return array.dtype().get(array.data(), index * array.dtype().bytes());
  }

  /** As "1 x 255, 0 x 1". */
  private static String runs(NdArray array) {
    List<String> runs = new ArrayList<>();
    int count = 0;
    for (int start = 0; start < array.elements(); count++) {
      int end = start + 1;
      while (end < array.elements() && number(array, end) == number(array, start)) {
        end++;
      }
      if (count < ITEMS_SHOWN) {
        runs.add(number(array, start) + " x " + (end - start));
      }
      start = end;
    }
    if (count > ITEMS_SHOWN) {
      runs.add("and " + Amounts.of(count - ITEMS_SHOWN, "more run", "more runs"));
    }
    return String.join(", ", runs);
  }

  /** Whether they are the next tokens, and where they are not. */
  private static String labels(NdArray labels, Optional<TokenIds> tokens) {
    int length = labels.elements();
    if (length == 0 || tokens.isEmpty() || tokens.get().length() != length) {
      return array(labels);
    }
    List<String> others = new ArrayList<>();
    int count = 0;
    for (int i = 0; i + 1 < length; i++) {
      long label = number(labels, i);
      if (label != tokens.get().get(i + 1)) {
        if (count++ < ITEMS_SHOWN) {
          others.add("token " + i + " has " + label + ", not " + tokens.get().get(i + 1));
        }
      }
    }
    String last = "the last one is " + number(labels, length - 1);
    if (count == 0) {
      return "the next token at every place; " + last;
    }
    return "not the next token at "
        + Amounts.of(count, "place", "places")
        + ": "
        + String.join(", ", others)
        + (count > ITEMS_SHOWN ? " ..." : "")
        + "; "
        + last;
  }
}
