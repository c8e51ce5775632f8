package org.millrace.io.mds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;
import org.millrace.io.python.Python;
import org.millrace.transforms.data.TokenIds;

class PickleReaderTest {

  private static NdArray read(byte[] pickle) throws IOException {
    return new PickleReader(ByteBuffer.wrap(pickle)).readArray();
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static String text(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** int64 [3] in protocol 4, as numpy 1.24 writes it. */
  private static final String PROTOCOL_4 =
      "8004 95 a000000000000000 8c15"
          + text("numpy.core.multiarray")
          + "94 8c0c"
          + text("_reconstruct")
          + "94 93 94 8c05"
          + text("numpy")
          + "94 8c07"
          + text("ndarray")
          + "94 93 94 4b00 85 94 4301 62 94 87 94 52 94 28 4b01 4b03 85 94 6803 8c05"
          + text("dtype")
          + "94 93 94 8c02"
          + text("i8")
          + "94 89 88 87 94 52 94 28 4b03 8c01 3c"
          + "94 4e 4e 4e 4affffffff 4affffffff 4b00 74 94 62 89 4318"
          + "0100000000000000 0200000000000000 ffffffffffffff7f 94 74 94 62 2e";

  @Test
  void readsWhatNumpyWrites() throws IOException {
    NdArray array = read(hex(PROTOCOL_4));

    assertThat(array.dtype(), equalTo(DType.INT64));
    assertThat(array.shape(), equalTo(List.of(3)));
    assertThat(array.data().getLong(16), equalTo(Long.MAX_VALUE));
  }

  @Test
  void readsBothNamesOfTheModule() throws IOException {
    String renamed = PROTOCOL_4.replace("8c15" + text("numpy.core"), "8c16" + text("numpy._core"));

    assertThat(read(hex(renamed)), equalTo(read(hex(PROTOCOL_4))));
    String memmap = PROTOCOL_4.replace("8c07" + text("ndarray"), "8c06" + text("memmap"));
    assertThat(read(hex(memmap)), equalTo(read(hex(PROTOCOL_4))));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void readsAllProtocolsAndTypesOfNumpy(int protocol) throws IOException, InterruptedException {
    Python python = Python.orSkip("numpy");

    String lines =
        python.run(
            "import numpy as np, pickle, sys, tempfile\n"
                + "p = int(sys.argv[1])\n"
                + "def show(a): print(a.dtype.name, list(a.shape), a.tobytes().hex(),"
                + " pickle.dumps(a, p).hex(), sep=';')\n"
                + "for t in 'u1 i1 u2 i2 f2 u4 i4 f4 u8 i8 f8'.split():\n"
                + "  for s in [(3,), (2, 3), (1, 2, 3), (300,), (0,), (), (70000,)]:\n"
                + "    show(np.arange(np.prod(s, dtype=int)).astype(t).reshape(s))\n"
                + "m = np.memmap(tempfile.TemporaryFile(), 'u2', shape=(5,))\n"
                + "m[:] = 7\nshow(m)\nshow(m[1:4])\n"
                + "a = np.arange(6)\na.flags.writeable = False\nshow(a)\n",
            protocol);

    for (String line : lines.lines().toList()) {
      String[] parts = line.split(";", -1);
      NdArray array = read(HexFormat.of().parseHex(parts[3]));
      assertThat(array.dtype().label(), equalTo(parts[0]));
      assertThat(array.shape().toString(), equalTo(parts[1]));
      byte[] data = new byte[array.data().limit()];
      array.data().duplicate().get(data);
      assertThat(HexFormat.of().formatHex(data), equalTo(parts[2]));
    }
    assertThat(lines.lines().count(), equalTo(80L));
  }

  private static String pickled(NdArray array) {
    Encoded.Bytes pickle = (Encoded.Bytes) PickledArray.encode(array);
    StringBuilder bytes = new StringBuilder();
    for (ByteBuffer part : List.of(pickle.head(), pickle.data(), pickle.tail())) {
      byte[] copy = new byte[part.remaining()];
      part.duplicate().get(copy);
      bytes.append(HexFormat.of().formatHex(copy));
    }
    return bytes.toString();
  }

  @Test
  void writesWhatNumpyWrites() throws IOException {
    assertThat(pickled(read(hex(PROTOCOL_4))), equalTo(PROTOCOL_4.replace(" ", "")));
  }

  /** Around the sizes where data leave their frame. */
  @Test
  void writesThePicklesOfPython() throws IOException, InterruptedException {
    Python python = Python.orSkip("numpy");

    String lines =
        python.run(
            "import numpy as np, pickle\n"
                + "def show(*s):\n"
                + "  p = pickle.dumps(np.zeros(s, 'u1'), 4)\n"
                + "  p = p.replace(b'\\x16numpy._core', b'\\x15numpy.core')\n"
                + "  at = p.index(b'\\x95') + 1\n"
                + "  if b'numpy._core' in pickle.dumps(np.zeros(s), 4):\n"
                + "    n = int.from_bytes(p[at:at + 8], 'little') - 1\n"
                + "    p = p[:at] + n.to_bytes(8, 'little') + p[at + 8:]\n"
                + "  print(','.join(map(str, s)), p.hex(), sep=';')\n"
                + "for n in [1, 255, 256, 257, 65535, 65536, 65537, 70000]: show(n)\n"
                + "for n in range(65360, 65420, 10): show(n)\n"
                + "show(2, 3)\nshow(1, 300, 2)\nshow(1, 1, 70000)\n");

    for (String line : lines.lines().toList()) {
      String[] parts = line.split(";", -1);
      List<Integer> shape = Arrays.stream(parts[0].split(",")).map(Integer::valueOf).toList();
      int size = shape.stream().reduce(1, Math::multiplyExact);
      String ours = pickled(new NdArray(DType.UINT8, shape, ByteBuffer.allocate(size)));
      assertThat(parts[0], ours.equals(parts[1]), equalTo(true));
      assertThat(read(HexFormat.of().parseHex(ours)).shape(), equalTo(shape));
    }
    assertThat(lines.lines().count(), equalTo(17L));
  }

  @Test
  void numpyReadsWhatWeWrite() throws IOException, InterruptedException {
    Python python = Python.orSkip("numpy");
    NdArray array =
        new NdArray(
            DType.UINT16,
            List.of(2, 1, 3),
            NdArray.of(DType.UINT16, TokenIds.of(1, 2, 3, 4, 5, 60000)).data());
    String bytes = pickled(array);

    String got =
        python.run(
            "import pickle, sys, warnings\nwarnings.simplefilter('error')\n"
                + "a = pickle.loads(bytes.fromhex(sys.argv[1]))\n"
                + "print(type(a).__name__, a.dtype, a.tolist(), a.flags.c_contiguous)",
            bytes);

    assertThat(got.strip(), equalTo("ndarray uint16 [[[1, 2, 3]], [[4, 5, 60000]]] True"));
  }

  private static void assertRefused(byte[] pickle, String problem) {
    IOException e = assertThrows(IOException.class, () -> read(pickle));
    assertThat(e.getMessage(), startsWith("pickle"));
    assertThat(e.getMessage(), containsString(problem));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'a': 1}",
        "[1]",
        "print",
        "numpy.float16(1)",
        "numpy.arange(6).reshape(2, 3).T",
        "numpy.arange(3, dtype='>i4')",
        "numpy.array([True])",
        "numpy.array([{}])",
        "numpy.array(['a'])",
        "numpy.dtype('i4')",
        "numpy.zeros(2, 'i4,i4')",
        "numpy.ndarray"
      })
  void refusesAllElse(String value) throws IOException, InterruptedException {
    Python python = Python.orSkip("numpy");
    String pickles =
        python.run(
            "import numpy, pickle, sys\n"
                + "for p in range(6): print(pickle.dumps(eval(sys.argv[1]), p).hex())",
            value);

    for (String pickle : pickles.lines().toList()) {
      assertRefused(HexFormat.of().parseHex(pickle), "expected");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "8004 63 6f730a 73797374656d0a 4b00 85 52 2e, 'byte 2: expected a numpy array, got os.system'",
    "8004 8c026f73 8c0673797374656d 93 2e, 'expected a numpy array, got os.system'",
    "8004 4b01 4b02 93 2e, 'expected a numpy array, got 1.2'",
    "8004 28 2e, 'expected a numpy array, got another value'",
    "8004 2e, 'expected one value and its end, got 0 values'",
    "8004 4b00 4b00 2e, 'expected one value and its end, got 2 values'",
    "8004 4e 2e 2e, 'got 1 values and 1 more bytes'",
    "8004 7d 2e, 'got the instruction 0x7d'",
    "8001 4e 2e, 'expected protocol 2 to 5, got 1'",
    "8006 4e 2e, 'expected protocol 2 to 5, got 6'",
    "8004 52 2e, 'expected 2 values on the stack, got fewer'",
    "8004 28 4e 4e 87 2e, 'expected 3 values on the stack, got fewer'",
    "8004 74 2e, 'expected a mark on the stack, got none'",
    "8004 6805 2e, 'expected a place of the memo below 0, got 5'",
    "8004 4e 7105 2e, 'expected the place 0 of the memo, got 5'",
    "8004 94 2e, 'expected the place 0 of the memo, got 0'",
    "8004 42 ffffffff 00, 'expected 4294967295 more bytes, got 1'",
    "8004 8e ffffffffffffffff 00, 'expected 18446744073709551615 more bytes, got 1'",
    "8004 8c 01 ff 2e, 'expected UTF-8'",
    "8004 8a 09 000000000000000000 2e, 'expected a number of up to 8 bytes'",
    "8004, 'expected 1 more bytes, got 0'",
    "'', 'expected 1 more bytes, got 0'"
  })
  void refusesWhatIsNoPickleOfAnArray(String pickle, String problem) {
    assertRefused(hex(pickle), problem);
  }

  @Test
  void boundsStackAndMemo() {
    byte[] values = new byte[2000];
    Arrays.fill(values, (byte) 'N');
    byte[] memo = new byte[70_000];
    Arrays.fill(memo, (byte) 0x94);
    memo[0] = 'N';
    byte[] line = new byte[1000];
    Arrays.fill(line, (byte) 'c');

    assertRefused(values, "more than 1100 values");
    assertRefused(memo, "the place 65536 of the memo");
    assertRefused(line, "a longer line");
  }

  /** Cut anywhere it is refused; with a byte changed it is refused or an array of the same size. */
  @Test
  void refusesDamage() throws IOException {
    byte[] pickle = hex(PROTOCOL_4);
    for (int at = 0; at < pickle.length; at++) {
      byte[] cut = Arrays.copyOf(pickle, at);
      assertThrows(IOException.class, () -> read(cut), "cut at " + at);
      for (int value = 0; value < 256; value++) {
        byte[] changed = pickle.clone();
        changed[at] = (byte) value;
        try {
          assertThat(read(changed).data().limit(), equalTo(24));
        } catch (IOException e) {
          assertThat(e.getMessage(), startsWith("pickle"));
        }
      }
    }
  }

  /** As CEPE keeps the passages of a sample. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void readsListsOfArrays(int protocol) throws Exception {
    Python python = Python.orSkip("numpy");
    String printed =
        python.run(
            """
            import numpy, pickle, sys
            for count in [0, 1, 3, 1200]:
                arrays = [numpy.arange(i % 7, 3 + i % 7) for i in range(count)]
                print(pickle.dumps(arrays, int(sys.argv[1])).hex())
            """,
            protocol);

    List<Integer> counts = new ArrayList<>();
    for (String line : printed.lines().toList()) {
      List<?> read = (List<?>) new PickleReader(ByteBuffer.wrap(hex(line))).read();
      for (int i = 0; i < read.size(); i++) {
        int first = i % 7;
        TokenIds ids = TokenIds.of(first, first + 1, first + 2);
        assertThat(read.get(i), equalTo(NdArray.of(DType.INT64, ids)));
      }
      counts.add(read.size());
    }
    assertThat(counts, equalTo(List.of(0, 1, 3, 1200)));
  }

  @Test
  void aListIsNoArrayAndHoldsNothingElse() {
    byte[] list = hex("80 04 5d 94 2e");
    byte[] number = hex("80 04 5d 94 4b 05 61 2e");

    assertThat(
        assertThrows(IOException.class, () -> read(list)).getMessage(),
        containsString("expected a numpy array, got a list"));
    assertThat(
        assertThrows(IOException.class, () -> new PickleReader(ByteBuffer.wrap(number)).read())
            .getMessage(),
        containsString("expected a numpy array"));
    assertThrows(
        IOException.class,
        () -> new PickleReader(ByteBuffer.wrap(hex("80 04 4b 05 61 2e"))).read());
  }
}
