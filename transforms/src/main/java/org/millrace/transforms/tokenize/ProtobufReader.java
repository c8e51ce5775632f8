package org.millrace.transforms.tokenize;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads the fields of a message in Protocol Buffers' wire format, of which a model file needs
 * little.
 *
 * <pre>
 * Message --> (Tag, Value)*
 *   Tag --> varint: field number * 8 + kind
 *   Value --> kind 0: varint | kind 1: 8 bytes | kind 2: varint length, that many bytes
 *             | kind 5: 4 bytes
 *   varint --> 7 bits a byte, lowest first, the top bit set on all but the last; at most 10 bytes
 * </pre>
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers: encoding</a>
 */
final class ProtobufReader {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final String name;
  private final byte[] bytes;
  private final int end;
  private int at;
  private int kind;
  private long number;
  private int valueStart;
  private int valueEnd;

  /**
   * Reads a whole message.
   *
   * @param name of the file, for errors
   */
  ProtobufReader(String name, byte[] bytes) {
    this(name, bytes, 0, bytes.length);
  }

  private ProtobufReader(String name, byte[] bytes, int start, int end) {
    this.name = name;
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /**
   * Goes to the next field.
   *
   * @return its number, or 0 behind the last
   * @throws IllegalArgumentException where there is none that can be read
   */
  int next() {
    if (at == end) {
      return 0;
    }
    int start = at;
    long tag = varint();
    kind = (int) (tag & 7);
    long field = tag >>> 3;
    if (field < 1 || field >= 1 << 29) {
      throw damaged(start, "a field number in 1..536870911", Long.toString(field));
    }
    switch (kind) {
      case VARINT -> number = varint();
      case FIXED64 -> skip(8);
      case LENGTH -> {
        int lengthAt = at;
        long length = varint();
        if (length < 0 || length > end - at) {
          throw damaged(lengthAt, "a length of at most " + (end - at), Long.toString(length));
        }
        skip((int) length);
      }
      case FIXED32 -> skip(4);
      default -> throw damaged(start, "a field of kind 0, 1, 2 or 5", Integer.toString(kind));
    }
    return (int) field;
  }

  private void skip(int length) {
    if (length > end - at) {
      throw damaged(at, length + " bytes", (end - at) + " before the end");
    }
    valueStart = at;
    at += length;
    valueEnd = at;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at == end) {
        throw damaged(at, "a number", "the end");
      }
      byte b = bytes[at++];
      // Of the tenth byte only one bit fits.
      value |= shift < 63 ? (long) (b & 0x7f) << shift : (long) (b & 1) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw damaged(at, "a number of at most 10 bytes", "a longer one");
  }

  /** The field's number. */
  long number() {
    require(VARINT, "a number");
    return number;
  }

  /** The field's message. */
  ProtobufReader message() {
    require(LENGTH, "a message");
    return new ProtobufReader(name, bytes, valueStart, valueEnd);
  }

  /** The field's text. */
  String text() {
    require(LENGTH, "text");
    return new String(bytes, valueStart, valueEnd - valueStart, StandardCharsets.UTF_8);
  }

  /** The field's bytes. */
  byte[] bytes() {
    require(LENGTH, "bytes");
    return Arrays.copyOfRange(bytes, valueStart, valueEnd);
  }

  private void require(int expected, String meaning) {
    if (kind != expected) {
      throw damaged(at, meaning + ", which is of kind " + expected, "kind " + kind);
    }
  }

  private IllegalArgumentException damaged(int offset, String expected, String got) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "%s is not a SentencePiece model: at offset %d: expected %s, got %s",
            name,
            offset,
            expected,
            got));
  }
}
