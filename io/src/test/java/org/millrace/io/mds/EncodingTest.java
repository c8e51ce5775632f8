package org.millrace.io.mds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.column.DType;
import org.millrace.io.column.LittleEndianOutput;
import org.millrace.io.column.NdArray;
import org.millrace.transforms.data.TokenIds;

class EncodingTest {

  @TempDir private Path folder;

  private byte[] encode(String encoding, Object value) {
    try {
      Path file = Files.createTempFile(folder, "value", "");
      Files.delete(file);
      Encoded encoded = Encoding.of(encoding).encode(value);
      try (LittleEndianOutput output = new LittleEndianOutput(file)) {
        encoded.writeTo(output);
        output.flush();
      }
      assertThat(encoded.size(), equalTo(Files.size(file)));
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String hex(String encoding, Object value) {
    return HexFormat.of().formatHex(encode(encoding, value));
  }

  private static Object decode(String encoding, byte[] bytes) throws IOException {
    return Encoding.of(encoding).decode(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
  }

  private static Object decode(String encoding, String hex) throws IOException {
    return decode(encoding, HexFormat.of().parseHex(hex));
  }

  private void assertRefused(String encoding, Object value, String problem) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> encode(encoding, value));
    assertThat(e.getMessage(), containsString(problem));
  }

  private static void assertDamaged(String encoding, String hex, String problem) {
    IOException e = assertThrows(IOException.class, () -> decode(encoding, hex), hex);
    assertThat(e.getMessage(), containsString(problem));
  }

  private static NdArray array(DType dtype, List<Integer> shape, String hex) {
    return new NdArray(dtype, shape, ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }

  @Test
  void writesArraysInTheirThreeForms() {
    String values = "010000000200000003000000040000000500000006000000";
    NdArray matrix = array(DType.INT32, List.of(2, 3), values);

    assertThat(hex("ndarray", matrix), equalTo("21080203" + values));
    assertThat(hex("ndarray:int32", matrix), equalTo("080203" + values));
    assertThat(hex("ndarray:int32:2,3", matrix), equalTo(values));
    assertThat(Encoding.of("ndarray:int32:2,3").size(), equalTo(OptionalInt.of(24)));
    assertThat(Encoding.of("ndarray:int32").size(), equalTo(OptionalInt.empty()));
    assertThat(hex("ndarray:uint16", TokenIds.of(1, 2, 3)), equalTo("0403010002000300"));
    assertThat(hex("ndarray", TokenIds.of(7)), equalTo("1004010700"));
    assertThat(hex("ndarray", TokenIds.of(65_536)), equalTo("20040100000100"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0401",
    "255, 04ff",
    "256, 050001",
    "300, 052c01",
    "65535, 05ffff",
    "65536, 0600000100",
    "70000, 0670110100"
  })
  void writesShapesInTheSmallestTypeThatHoldsThem(int length, String head) throws IOException {
    NdArray array = new NdArray(DType.UINT8, List.of(length), ByteBuffer.allocate(length));

    byte[] bytes = encode("ndarray:uint8", array);

    assertThat(HexFormat.of().formatHex(bytes, 0, head.length() / 2), equalTo(head));
    assertThat(bytes.length, equalTo(head.length() / 2 + length));
    assertThat(decode("ndarray:uint8", bytes), equalTo(array));
  }

  @Test
  void refusesArraysThatTheColumnDoesNotHold() {
    NdArray empty = new NdArray(DType.UINT8, List.of(0), ByteBuffer.allocate(0));
    NdArray none = new NdArray(DType.UINT8, List.of(), ByteBuffer.allocate(1));
    NdArray deep = new NdArray(DType.UINT8, Collections.nCopies(64, 1), ByteBuffer.allocate(1));

    assertRefused("ndarray", empty, "1 to 63 dimensions of 1 or more");
    assertRefused("ndarray:uint16", TokenIds.of(), "1 to 63 dimensions of 1 or more");
    assertRefused("ndarray", none, "1 to 63 dimensions");
    assertRefused("ndarray", deep, "1 to 63 dimensions");
    assertRefused("ndarray:uint16", empty, "expected an array of uint16, got uint8");
    assertRefused("ndarray:uint16:4", TokenIds.of(1, 2), "expected an array of shape [4], got [2]");
    assertRefused("ndarray:uint16", TokenIds.of(65_536), "expected ids of uint16, got 65536");
    assertRefused("ndarray:int16", TokenIds.of(32_768), "expected ids of int16, got 32768");
    assertRefused("ndarray:float32", TokenIds.of(1), "expected ids of float32, got 1");
    assertRefused("ndarray", "text", "expected an array, got java.lang.String");
    assertThat(
        hex("ndarray", new NdArray(DType.UINT8, Collections.nCopies(63, 1), ByteBuffer.allocate(1)))
            .length(),
        equalTo(2 * (2 + 63 + 1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ndarray:",
        "ndarray:bool",
        "ndarray:int32:",
        "ndarray:int32:0",
        "ndarray:int32:2,",
        "ndarray:int32:-1",
        "ndarray::2,3",
        "ndarray:int32:99999999999",
        "ndarray:int32:65536,65536",
        "ndarray:int32:2:3",
        "int128",
        "",
        "list[int]",
        "STR"
      })
  void refusesNamesThatAreNoEncodings(String name) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Encoding.of(name));
    assertThat(e.getMessage(), containsString(name));
  }

  @ParameterizedTest
  @CsvSource({
    "ndarray, '', the code of a dtype",
    "ndarray, 0704, the code of a dtype",
    "ndarray, 21, 1 to 63 dimensions",
    "ndarray:uint16, 00, 1 to 63 dimensions",
    "ndarray:uint16, 0402010002, values of [2] of uint16",
    "ndarray:uint16, 04020100020003, values of [2] of uint16",
    "ndarray:uint16, 0400, 'dimension 0: expected 1..2147483647, got 0'",
    "ndarray:uint16, 06ffffffff00, 'expected 1..2147483647, got 4294967295'",
    "ndarray:uint16, 07ffffffffffffffff00, got 18446744073709551615",
    "ndarray:uint8, 0effffff7fffffff7fffffff7f00, 'values of [2147483647, 2147483647, 2147483647]'",
    "ndarray:uint16, 0e, 1 to 63 dimensions",
    "ndarray:uint16:3, 01000200, values of [3]"
  })
  void refusesDamagedArrays(String encoding, String hex, String problem) {
    assertDamaged(encoding, hex, problem);
  }

  @Test
  void checksTheRangeOfWholeNumbers() throws IOException {
    for (DType dtype : DType.values()) {
      if (dtype.isInteger()) {
        BigInteger size = BigInteger.ONE.shiftLeft(8 * dtype.bytes());
        boolean signed = dtype.holds(-1);
        BigInteger min = signed ? size.shiftRight(1).negate() : BigInteger.ZERO;
        BigInteger max = min.add(size).subtract(BigInteger.ONE);
        for (BigInteger value : List.of(min, max)) {
          byte[] bytes = encode(dtype.label(), value);
          assertThat(bytes.length, equalTo(dtype.bytes()));
          assertThat(decode(dtype.label(), bytes).toString(), equalTo(value.toString()));
        }
        assertRefused(dtype.label(), min.subtract(BigInteger.ONE), "expected a number of");
        assertRefused(dtype.label(), max.add(BigInteger.ONE), "expected a number of");
      }
    }
    assertThat(decode("uint64", "ffffffffffffffff").toString(), equalTo("18446744073709551615"));
    assertThat(hex("int", true), equalTo("0100000000000000"));
    assertRefused("int8", 1.5, "expected a whole number, got java.lang.Double");
    assertRefused("int", "1", "expected a whole number, got java.lang.String");
    assertDamaged("int32", "010203", "expected 4 bytes, got 3");
  }

  @Test
  void roundsFractionsButNotToInfinity() throws IOException {
    assertThat(hex("float16", 1 / 3.0), equalTo("5535"));
    assertThat(hex("float32", 0.1), equalTo("cdcccc3d"));
    assertThat(hex("float64", 0.1f), equalTo("000000a09999b93f"));
    assertThat(hex("float32", Double.POSITIVE_INFINITY), equalTo("0000807f"));
    assertThat(hex("float64", 3), equalTo("0000000000000840"));
    assertThat(decode("float16", "5535"), equalTo(0.333251953125));
    assertRefused("float16", 65_520.0, "expected a number of float16, got 65520.0");
    assertRefused("float32", 1e39, "expected a number of float32, got 1.0E39");
    assertRefused("float64", "0.1", "expected a number, got java.lang.String");
  }

  private String text(String encoding, Object value) {
    return new String(encode(encoding, value), StandardCharsets.UTF_8);
  }

  @Test
  void writesNumbersAsText() {
    assertThat(text("str_int", BigInteger.TEN.pow(20)), equalTo("100000000000000000000"));
    assertThat(text("str_int", "-5"), equalTo("-5"));
    assertThat(text("str_float", 1e22), equalTo("1e+22"));
    assertThat(text("str_float", "1e+22"), equalTo("1e+22"));
    assertThat(text("str_decimal", new BigDecimal("1.50E-10")), equalTo("1.50E-10"));
    assertThat(text("str_decimal", new BigDecimal("0.00")), equalTo("0.00"));
    assertRefused("str_int", "five", "expected a whole number, got five");
    assertRefused("str_int", 1.0, "expected a whole number, got java.lang.Double");
    assertRefused("str_float", "1,5", "expected a number, got 1,5");
    assertRefused("str_float", 1, "expected a number, got java.lang.Integer");
    assertRefused("str_decimal", 1.5, "expected a decimal number, got java.lang.Double");
    assertRefused("str", 1, "expected text, got java.lang.Integer");
    assertRefused("str", "\ud800", "half of a surrogate pair");
    assertDamaged("str", "ff", "expected UTF-8");
    assertDamaged("str_int", "", "expected a whole number");
  }

  @Test
  void writesJsonAsPythonDoes() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", Arrays.asList(1, null, true, -2.0, 1e100, Double.NaN, List.of(), Map.of()));
    map.put("a\"\\/\b\f\n\r\t\u0001\u007f", "日本 😀 ~");

    assertThat(
        text("json", map),
        equalTo(
            "{\"z\": [1, null, true, -2.0, 1e+100, NaN, [], {}],"
                + " \"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\":"
                + " \"\\u65e5\\u672c \\ud83d\\ude00 ~\"}"));
    assertThat(
        text("json", List.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)),
        equalTo("[Infinity, -Infinity]"));
    assertThat(text("json", "{\"b\":1}"), equalTo("{\"b\":1}"));
    assertThat(text("json", List.of("b")), equalTo("[\"b\"]"));
    assertRefused("json", "no JSON", "expected JSON, got no JSON");
    assertRefused("json", "{} {}", "expected JSON, got {} {}");
    assertRefused("json", "", "expected JSON");
    assertRefused("json", List.of(new Object()), "got java.lang.Object");
    assertRefused("json", Map.of(1, 2), "expected JSON keys of text, got 1");
    assertDamaged("json", "7b22", "expected JSON");
  }

  @Test
  void decodesBytesAsTheyAre() throws IOException {
    for (String name : Encoding.OPAQUE) {
      assertThat(decode(name, "00ff"), equalTo(new byte[] {0, -1}));
      assertRefused(name, "text", "expected bytes");
    }
  }

  /** Bytes that CPython wrote, less the underscore of numpy 2 in a module's name. */
  @Test
  void picklesArraysAsPythonDoes() throws IOException {
    String head =
        "8c156e756d70792e636f72652e6d756c74696172726179948c0c5f7265636f6e7374727563749493948c056e"
            + "756d7079948c076e6461727261799493944b0085944301629487945294284b01";
    String dtype = "68038c0564747970659493948c02";
    String state = "4e4e4e4affffffff4affffffff4b0074946289";

    assertThat(
        hex("pkl", TokenIds.of(5)),
        equalTo(
            "8004959000000000000000"
                + head
                + "4b018594"
                + dtype
                + "693894898887945294284b038c013c94"
                + state
                + "43080500000000000000947494622e"));
    assertThat(
        hex("pkl", array(DType.UINT8, List.of(1, 2), "0708")),
        equalTo(
            "8004958c00000000000000"
                + head
                + "4b014b028694"
                + dtype
                + "753194898887945294284b038c017c94"
                + state
                + "43020708947494622e"));
    int[] ids = IntStream.range(0, 70_000).toArray();
    NdArray large = NdArray.of(DType.INT32, TokenIds.wrap(ids));
    byte[] pickle = encode("pkl", large);
    assertThat(HexFormat.of().formatHex(pickle), containsString("284b014a701101008594"));
    assertThat(decode("pkl", pickle), equalTo(large));
    assertRefused("pkl", "text", "expected an array");
    assertRefused(
        "pkl", array(DType.UINT8, List.of(1, 1, 1, 1), "00"), "expected 1 to 3 dimensions");
  }
}
