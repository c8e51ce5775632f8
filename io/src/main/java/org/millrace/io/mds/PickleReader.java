package org.millrace.io.mds;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.millrace.io.column.NdArray;

/**
 * Reads a pickle that holds one numpy array, or a list of them, and nothing else, in protocols 2 to
 * 5. A pickle is a program: this runs none of it but the few instructions that build such a value,
 * and refuses every other by its place.
 *
 * @see <a href="https://docs.python.org/3/library/pickletools.html">pickletools</a>
 */
final class PickleReader {

  // An array takes about 15 of each; Python puts 1000 items on the stack before they join a list.
  private static final int MAX_STACK = 1100;
  private static final int MAX_MEMO = 1 << 16;

  private static final int MAX_NAME = 100;

  private final ByteBuffer in;
  private final List<Object> stack = new ArrayList<>();
  private final List<Object> memo = new ArrayList<>();
  private final PickledObjects objects = new PickledObjects();

  PickleReader(ByteBuffer bytes) {
    this.in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What stands for none of Python. */
  enum Marker {
    NONE,
    MARK
  }

  /** A list that is not complete yet; it may stand in the memo. */
  private static final class Items {
    private final List<Object> items = new ArrayList<>();
  }

  /** The array that the pickle must be. */
  NdArray readArray() throws IOException {
    if (read() instanceof NdArray array) {
      return array;
    }
    throw new IOException("pickle: expected a numpy array, got a list");
  }

  /** The array; or the list of arrays. */
  Object read() throws IOException {
    int at = 0;
    try {
      do {
        at = in.position();
      } while (step(unsigned(1)));
    } catch (IOException e) {
      throw new IOException("pickle, byte " + at + ": " + e.getMessage(), e);
    }
    if (in.hasRemaining() || stack.size() != 1) {
      throw new IOException(
          "pickle: expected one value and its end, got "
              + stack.size()
              + " values and "
              + in.remaining()
              + " more bytes");
    }
    if (stack.get(0) instanceof Items list) {
      List<NdArray> arrays = new ArrayList<>();
      for (Object item : list.items) {
        arrays.add(PickledObjects.array(item));
      }
      return List.copyOf(arrays);
    }
    return PickledObjects.array(stack.get(0));
  }

  /** Runs an instruction; false for the last. */
  private boolean step(long opcode) throws IOException {
    switch ((int) opcode) {
      case 0x80 -> protocol(unsigned(1));
      case 0x95 -> unsigned(8); // FRAME
      case 'N' -> push(Marker.NONE);
      case '(' -> push(Marker.MARK);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push(unsigned(1));
      case 'M' -> push(unsigned(2));
      case 'J' -> push((long) (int) unsigned(4));
      case 0x8a -> push(signed((int) unsigned(1))); // LONG1
      case 'C' -> push(bytes(unsigned(1)));
      case 'B' -> push(bytes(unsigned(4)));
      case 0x8e, 0x96 -> push(bytes(unsigned(8))); // BINBYTES8, BYTEARRAY8
      case 0x8c -> push(text(unsigned(1)));
      case 'X' -> push(text(unsigned(4)));
      case 0x8d -> push(text(unsigned(8)));
      case ')' -> push(List.of());
      case ']' -> push(new Items());
      case 'a' -> append(pop(1));
      case 'e' -> append(toMark());
      case 0x85, 0x86, 0x87 -> push(pop((int) opcode - 0x84));
      case 't' -> tuple();
      case 'c' -> push(PickledObjects.global(line(), line()));
      case 0x93 -> {
        List<Object> names = pop(2);
        push(PickledObjects.global(names.get(0), names.get(1)));
      }
      case 'R' -> {
        List<Object> call = pop(2);
        push(objects.reduce(call.get(0), call.get(1)));
      }
      case 'b' -> {
        List<Object> build = pop(2);
        objects.build(build.get(0), build.get(1));
        push(build.get(0));
      }
      case 0x94 -> memoize(memo.size());
      case 'q' -> memoize(unsigned(1));
      case 'r' -> memoize(unsigned(4));
      case 'h' -> push(remembered(unsigned(1)));
      case 'j' -> push(remembered(unsigned(4)));
      case '.' -> {
        return false;
      }
      default ->
          throw new IOException(
              "expected a numpy array, got the instruction 0x" + Long.toHexString(opcode));
    }
    return true;
  }

  private static void protocol(long version) throws IOException {
    if (version < 2 || version > 5) {
      throw new IOException("expected protocol 2 to 5, got " + version);
    }
  }

  private void push(Object value) throws IOException {
    if (stack.size() == MAX_STACK) {
      throw new IOException("expected a numpy array, got more than " + MAX_STACK + " values");
    }
    stack.add(value);
  }

  private List<Object> pop(int count) throws IOException {
    int from = stack.size() - count;
    if (from < 0 || stack.subList(from, stack.size()).contains(Marker.MARK)) {
      throw new IOException("expected " + count + " values on the stack, got fewer");
    }
    List<Object> top = stack.subList(from, stack.size());
    List<Object> popped = List.copyOf(top);
    top.clear();
    return popped;
  }

  private void tuple() throws IOException {
    push(toMark());
  }

  private List<Object> toMark() throws IOException {
    int mark = stack.lastIndexOf(Marker.MARK);
    if (mark < 0) {
      throw new IOException("expected a mark on the stack, got none");
    }
    List<Object> elements = pop(stack.size() - mark - 1);
    stack.remove(mark);
    return elements;
  }

  private void append(List<Object> items) throws IOException {
    if (stack.isEmpty() || !(stack.get(stack.size() - 1) instanceof Items list)) {
      throw new IOException("expected a list on the stack, got none");
    }
    list.items.addAll(items);
  }

  private void memoize(long place) throws IOException {
    if (place > memo.size() || place >= MAX_MEMO || stack.isEmpty()) {
      throw new IOException("expected the place " + memo.size() + " of the memo, got " + place);
    }
    Object top = stack.get(stack.size() - 1);
    if (place == memo.size()) {
      memo.add(top);
    } else {
      memo.set((int) place, top);
    }
  }

  private Object remembered(long place) throws IOException {
    if (place >= memo.size()) {
      throw new IOException("expected a place of the memo below " + memo.size() + ", got " + place);
    }
    return memo.get((int) place);
  }

  private long unsigned(int bytes) throws IOException {
    require(bytes);
    return switch (bytes) {
      case 1 -> in.get() & 0xFF;
      case 2 -> in.getShort() & 0xFFFF;
      case 4 -> in.getInt() & 0xFFFF_FFFFL;
      default -> in.getLong();
    };
  }

  private long signed(int bytes) throws IOException {
    if (bytes > Long.BYTES) {
      throw new IOException("expected a number of up to 8 bytes, got " + bytes);
    }
    require(bytes);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (in.get() & 0xFFL) << (8 * i);
    }
    int unused = Long.SIZE - 8 * bytes;
    return bytes == 0 ? 0 : value << unused >> unused;
  }

  /** A part of the pickle itself, so that a length that is a lie takes no memory. */
  private ByteBuffer bytes(long length) throws IOException {
    require(length);
    ByteBuffer bytes = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + (int) length);
    return bytes;
  }

  private String text(long length) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes(length)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("expected UTF-8, got other bytes", e);
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (long c = unsigned(1); c != '\n'; c = unsigned(1)) {
      if (line.length() == MAX_NAME) {
        throw new IOException("expected the name of a class, got a longer line: " + line);
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private void require(long bytes) throws IOException {
    if (bytes < 0 || bytes > in.remaining()) {
      throw new IOException(
          "expected " + Long.toUnsignedString(bytes) + " more bytes, got " + in.remaining());
    }
  }
}
