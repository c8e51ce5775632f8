package org.millrace.io.npy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.millrace.io.column.DType;

/**
 * The header of an npy file, as numpy writes it.
 *
 * <pre>
 * Header --> Magic, Version, Length, Dict
 *   Magic   --> 6 bytes 93 "NUMPY"
 *   Version --> 2 bytes 01 00
 *   Length  --> uint16, little-endian: bytes of Dict
 *   Dict    --> "{'descr': '&lt;u2', 'fortran_order': False, 'shape': (8, 4), }", blanks, 0a
 * </pre>
 *
 * <p>Others write the same in other ways, and are read too: versions 2.0 and 3.0, whose Length is a
 * uint32; any alignment; keys in any order, quoted either way. An array is read only if its
 * elements are little-endian and in C order.
 *
 * @param dtype the type of the elements
 * @param shape the dimensions; at least one
 * @see <a
 *     href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>
 */
record NpyHeader(DType dtype, List<Long> shape) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int PREFIX = 10;
  private static final int ALIGNMENT = 64; // numpy/lib/format.py, ARRAY_ALIGN
  private static final int GROWTH_DIGITS = 21; // numpy/lib/format.py, GROWTH_AXIS_MAX_DIGITS
  private static final int MAX_LENGTH = 10_000; // numpy/lib/format.py, _MAX_HEADER_SIZE

  NpyHeader {
    shape = List.copyOf(shape);
  }

  static NpyHeader of(DType dtype, long... shape) {
    return new NpyHeader(dtype, LongStream.of(shape).boxed().toList());
  }

  /** The header's bytes; the array follows. */
  byte[] encode() {
    String dimensions =
        shape.size() == 1
            ? "(" + shape.get(0) + ",)"
            : shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    String dict =
        "{'descr': '" + dtype.descr() + "', 'fortran_order': False, 'shape': " + dimensions + ", }";
    dict += " ".repeat(GROWTH_DIGITS - String.valueOf(shape.get(0)).length());
    dict += " ".repeat(ALIGNMENT - (PREFIX + dict.length() + 1) % ALIGNMENT) + "\n";
    byte[] bytes = new byte[PREFIX + dict.length()];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    bytes[6] = 1;
    bytes[8] = (byte) dict.length();
    bytes[9] = (byte) (dict.length() >>> 8);
    System.arraycopy(dict.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, PREFIX, dict.length());
    return bytes;
  }

  /** Reads a header from the position of the stream; the array follows it there. */
  static NpyHeader read(InputStream in, String name) throws IOException {
    byte[] prefix = in.readNBytes(8);
    if (prefix.length < 8 || !Arrays.equals(prefix, 0, 6, MAGIC, 0, 6)) {
      throw new IOException(
          name + ": offset 0: expected the magic 93 \"NUMPY\", got " + hex(prefix));
    }
    int version = prefix[6];
    if (version < 1 || version > 3 || prefix[7] != 0) {
      throw new IOException(
          name + ": offset 6: expected version 1.0, 2.0 or 3.0, got " + version + "." + prefix[7]);
    }
    byte[] size = in.readNBytes(version == 1 ? 2 : 4);
    long length = 0;
    for (int i = size.length - 1; i >= 0; i--) {
      length = length << 8 | (size[i] & 0xFF);
    }
    if (length > MAX_LENGTH) {
      throw new IOException(
          name
              + ": offset 8: expected a header of at most "
              + MAX_LENGTH
              + " bytes, got "
              + length);
    }
    byte[] dict = in.readNBytes((int) length);
    if (size.length < (version == 1 ? 2 : 4) || dict.length < length) {
      throw new IOException(name + ": ends inside its header");
    }
    return parse(new String(dict, StandardCharsets.ISO_8859_1), name);
  }

  private static NpyHeader parse(String text, String name) throws IOException {
    NpyDict dict =
        NpyDict.parse(text)
            .orElseThrow(
                () ->
                    new IOException(
                        name
                            + ": expected a dict of descr, fortran_order and shape, got "
                            + text.strip()));
    if (dict.fortranOrder()) {
      throw new IOException(
          name
              + ": fortran_order: expected False, got True; numpy.ascontiguousarray makes it"
              + " False");
    }
    return new NpyHeader(dtype(dict.descr(), name), dimensions(dict.shape(), name));
  }

  private static DType dtype(String descr, String name) throws IOException {
    // One byte has no order, so that all of |u1, <u1, >u1, =u1 and u1 are the same type.
    boolean oneByte = descr.matches("[|<>=]?[iu]1");
    Optional<DType> dtype =
        DType.ofDescr(oneByte ? "|" + descr.substring(descr.length() - 2) : descr);
    if (dtype.isPresent()) {
      return dtype.get();
    }
    String known =
        Arrays.stream(DType.values()).map(DType::descr).collect(Collectors.joining(", "));
    throw new IOException(
        name
            + ": descr: expected one of "
            + known
            + ", got "
            + descr
            + (descr.startsWith(">") ? " (big-endian; array.astype makes it little-endian)" : ""));
  }

  private static List<Long> dimensions(String text, String name) throws IOException {
    List<Long> shape = new ArrayList<>();
    String numbers = text.strip();
    // A comma may end the numbers, and must where there is one.
    boolean closed = numbers.endsWith(",");
    numbers = closed ? numbers.substring(0, numbers.length() - 1) : numbers;
    try {
      for (String number : numbers.split(",", -1)) {
        shape.add(Long.valueOf(number.strip()));
      }
    } catch (NumberFormatException e) {
      throw new IOException(name + ": shape: expected dimensions, got (" + text + ")", e);
    }
    if (shape.size() == 1 && !closed) {
      throw new IOException(name + ": shape: expected a tuple, got (" + text + ")");
    }
    return shape;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }

  /** The number of elements; an error where it does not fit into a long. */
  long elements(String name) throws IOException {
    try {
      return shape.stream().reduce(1L, Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw new IOException(name + ": shape: too large: " + shape, e);
    }
  }
}
