package org.millrace.io.npy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.column.DType;
import org.millrace.io.python.Python;

class NpyHeaderTest {

  private static final String HEADERS =
      """
      import io, sys
      from numpy.lib import format
      for line in sys.argv[1:]:
          descr, shape = line.split(" ", 1)
          file = io.BytesIO()
          shape = tuple(int(n) for n in shape.split(","))
          format.write_array_header_1_0(
              file, {"descr": descr, "fortran_order": False, "shape": shape})
          print(file.getvalue().hex())
      """;

  private static final String SAVED =
      """
      import io, sys, numpy
      file = io.BytesIO()
      shape = tuple(int(n) for n in sys.argv[2].split(","))
      numpy.lib.format.write_array(
          file, numpy.zeros(shape, sys.argv[1], order=sys.argv[4]), version=(int(sys.argv[3]), 0))
      print(file.getvalue().hex())
      """;

  private static String hex(NpyHeader header) {
    return HexFormat.of().formatHex(header.encode());
  }

  private static NpyHeader read(byte[] bytes) throws IOException {
    return NpyHeader.read(new ByteArrayInputStream(bytes), "a.npy");
  }

  private static byte[] header(int version, long length, String dict) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(HexFormat.of().parseHex("934e554d5059"));
    bytes.write(version);
    bytes.write(0);
    for (int i = 0; i < (version == 1 ? 2 : 4); i++) {
      bytes.write((int) (length >>> (8 * i)));
    }
    bytes.writeBytes(dict.getBytes(StandardCharsets.ISO_8859_1));
    return bytes.toByteArray();
  }

  private static String shapeText(NpyHeader header) {
    return String.join(",", header.shape().stream().map(String::valueOf).toList());
  }

  @Test
  void hasTheBytesOfTheFormat() {
    String dict = "{'descr': '<i8', 'fortran_order': False, 'shape': (8,), }";
    String expected =
        "934e554d505901007600"
            + HexFormat.of().formatHex(dict.getBytes(StandardCharsets.US_ASCII))
            + "20".repeat(118 - dict.length() - 1)
            + "0a";

    assertThat(hex(NpyHeader.of(DType.INT64, 8)), equalTo(expected));
    assertThat(expected, startsWith("934e554d5059010076007b276465736372273a20273c69382"));
  }

  @Test
  void equalsTheHeaderThatNumpyWritesForAnyShape() throws Exception {
    long seed = 17;
    Random random = new Random(seed);
    List<NpyHeader> headers = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      List<Long> shape = new ArrayList<>();
      int dimensions = 1 + (i < 500 ? random.nextInt(3) : random.nextInt(12));
      for (int d = 0; d < dimensions; d++) {
        shape.add(random.nextLong() >>> (1 + random.nextInt(63)));
      }
      NpyHeader header = new NpyHeader(DType.values()[i % DType.values().length], shape);
      headers.add(header);
      asked.add(header.dtype().descr() + " " + shapeText(header));
    }

    String[] printed = Python.orSkip("numpy").run(HEADERS, asked.toArray()).split("\n");

    for (int i = 0; i < printed.length; i++) {
      assertThat(
          "seed " + seed + ", " + asked.get(i), hex(headers.get(i)), equalTo(printed[i].strip()));
      assertThat(read(headers.get(i).encode()), equalTo(headers.get(i)));
    }
    assertThat(printed.length, equalTo(600));
  }

  @ParameterizedTest
  @CsvSource({"<u2, 1", "<i4, 2", "<i8, 3"})
  void readsEveryVersionThatNumpyWrites(String descr, int version) throws Exception {
    String saved = Python.orSkip("numpy").run(SAVED, descr, "3,4", version, "C").strip();
    ByteArrayInputStream in = new ByteArrayInputStream(HexFormat.of().parseHex(saved));

    NpyHeader header = NpyHeader.read(in, "a.npy");

    assertThat(header.dtype().descr(), equalTo(descr));
    assertThat(header.shape(), equalTo(List.of(3L, 4L)));
    assertThat(in.available(), equalTo(12 * header.dtype().bytes()));
  }

  /** Other writers than numpy, and old ones: their own alignment, order and quotes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          1; {'descr': '<u2', 'fortran_order': False, 'shape': (3, 4), }
          1; {'descr': '<u2', 'fortran_order': False, 'shape': (3, 4)}
          1; {"descr": "<u2", "fortran_order": False, "shape": (3,4)}
          2; {'shape':(3,4,),'descr':'<u2','fortran_order':False}
          3; { 'fortran_order' : False , 'descr' : '<u2' , 'shape' : ( 3 , 4 ) , }
          """)
  void readsADictHoweverItIsWritten(int version, String dict) throws IOException {
    String padded = dict + " ".repeat(Math.floorMod(-(dict.length() + 11), 16)) + "\n";

    assertThat(
        read(header(version, padded.length(), padded)), equalTo(NpyHeader.of(DType.UINT16, 3, 4)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"|u1", "<u1", ">u1", "=u1", "u1"})
  void oneByteHasNoOrder(String descr) throws IOException {
    String dict = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (3,), }\n";

    assertThat(read(header(1, dict.length(), dict)), equalTo(NpyHeader.of(DType.UINT8, 3)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<i4', 'fortran_order': False}",
        "{'descr': '<i4', 'shape': (3,), 'shape': (3,)}",
        "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), 'more': 1}",
        "{'descr': '<i4', 'fortran_order': False 'shape': (3,)}",
        "{'descr': '<i4\", 'fortran_order': False, 'shape': (3,)}",
        "{'descr': '<i4', 'fortran_order': 0, 'shape': (3,)}",
        "{'descr': '<i4', 'fortran_order': False, 'shape': (3)}",
        "{'descr': ('<i4', (2,)), 'fortran_order': False, 'shape': (3,)}",
        "{, 'descr': '<i4', 'fortran_order': False, 'shape': (3,)}",
        "'descr': '<i4', 'fortran_order': False, 'shape': (3,)",
        "{}",
        ""
      })
  void refusesAnotherDict(String dict) {
    IOException e = assertThrows(IOException.class, () -> read(header(1, dict.length(), dict)));

    assertThat(e.getMessage(), startsWith("a.npy: "));
    assertThat(e.getMessage(), containsString("expected a "));
  }

  @ParameterizedTest
  @CsvSource({
    "<i4, F, 'a.npy: fortran_order: expected False, got True'",
    "|O, C, 'a.npy: descr: expected one of |u1, |i1, <u2, <i2, <u4, <i4, <u8, <i8, <f2, <f4, <f8, got |O'",
    ">i4, C, 'a.npy: descr: expected one of |u1, |i1, <u2, <i2, <u4, <i4, <u8, <i8, <f2, <f4, <f8, got >i4 (big-endian; array.astype makes it little-endian)'",
    "'i4,i4', C, 'a.npy: expected a dict of descr, fortran_order and shape, got {'",
  })
  void refusesArraysThatHoldNoTokens(String descr, String order, String problem) throws Exception {
    String saved = Python.orSkip("numpy").run(SAVED, descr, "3,4", 1, order).strip();

    IOException e = assertThrows(IOException.class, () -> read(HexFormat.of().parseHex(saved)));

    assertThat(e.getMessage(), startsWith(problem));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 118, 'offset 6: expected version 1.0, 2.0 or 3.0, got 0.0'",
    "4, 118, 'offset 6: expected version 1.0, 2.0 or 3.0, got 4.0'",
    "1, 65535, 'offset 8: expected a header of at most 10000 bytes, got 65535'",
    "2, 4294967295, 'offset 8: expected a header of at most 10000 bytes, got 4294967295'",
    "3, 10001, 'offset 8: expected a header of at most 10000 bytes, got 10001'",
    "1, 10000, 'ends inside its header'",
  })
  void refusesALengthThatCannotBe(int version, long length, String problem) {
    IOException e = assertThrows(IOException.class, () -> read(header(version, length, "{}\n")));

    assertThat(e.getMessage(), equalTo("a.npy: " + problem));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "()",
        "(,)",
        "(-1,)",
        "(1.5,)",
        "(1 2,)",
        "(99999999999999999999,)",
        "(3, 4",
        "[3, 4]"
      })
  void refusesAShapeThatIsNone(String shape) {
    String dict = "{'descr': '<i4', 'fortran_order': False, 'shape': " + shape + ", }\n";

    IOException e = assertThrows(IOException.class, () -> read(header(1, dict.length(), dict)));

    assertThat(e.getMessage(), startsWith("a.npy: "));
  }

  @Test
  void refusesAShapeWhoseElementsCannotBeCounted() throws Exception {
    NpyHeader header = read(NpyHeader.of(DType.INT32, 1L << 40, 1L << 40).encode());

    IOException e = assertThrows(IOException.class, () -> header.elements("a.npy"));

    assertThat(e.getMessage(), containsString("shape: too large: [1099511627776, 1099511627776]"));
  }
}
