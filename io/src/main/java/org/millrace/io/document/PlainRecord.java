package org.millrace.io.document;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Reads JSON objects as most of them are: one string for text, valid throughout, nothing kept
 * beside. It never says that something is wrong, only that it does not know; what it does read is
 * what {@link JsonRecordParser} reads.
 *
 * <p>A cursor over the bytes of one record: methods return false, and leave it anywhere, where
 * there is something else than they understand.
 */
final class PlainRecord {

  private static final int MAX_KEY_BYTES = 256;
  private static final int MAX_NUMBER_BYTES = 64;
  private static final int MAX_DEPTH = 32;

  /** A longer buffer is given back when its record is done. */
  private static final int RETAINED_BYTES = 4 << 20;

  private final List<byte[]> textKeys;
  private final byte[] idKey;
  private byte[] scratch = new byte[1 << 14];

  private byte[] bytes;
  private int at;
  private int end;
  private int stringBytes;
  private String text;
  private String id;

  PlainRecord(DocumentFields fields) {
    this.textKeys =
        fields.text().stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toList();
    this.idKey = fields.id().map(name -> name.getBytes(StandardCharsets.UTF_8)).orElse(null);
  }

  /** Reads a record in well-formed UTF-8. */
  boolean read(byte[] record, int from, int length) {
    bytes = record;
    at = from;
    end = from + length;
    text = null;
    id = null;
    if (scratch.length > RETAINED_BYTES) {
      scratch = new byte[1 << 14];
    }
    boolean read = object(0) && blankToEnd() && text != null && (id != null || idKey == null);
    bytes = null;
    return read;
  }

  /** The text of the record read last. */
  String text() {
    return text;
  }

  /** The id of the record read last; empty where ids are not in the record. */
  String id() {
    return id == null ? "" : id;
  }

  private boolean blankToEnd() {
    skipBlanks();
    return at == end;
  }

  private void skipBlanks() {
    while (at < end && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r')) {
      at++;
    }
  }

  /** Moves behind a byte, and blanks before it. */
  private boolean take(char wanted) {
    skipBlanks();
    if (at < end && bytes[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private boolean object(int depth) {
    if (!take('{')) {
      return false;
    }
    if (take('}')) {
      return true;
    }
    do {
      skipBlanks();
      int key = at + 1;
      if (!key()) {
        return false;
      }
      int keyEnd = at - 1;
      if (!take(':') || !(depth == 0 ? member(key, keyEnd) : value(depth))) {
        return false;
      }
    } while (take(','));
    return take('}');
  }

  /** A string in ASCII without escapes. */
  private boolean key() {
    if (at == end || bytes[at] != '"') {
      return false;
    }
    int limit = Math.min(end, at + MAX_KEY_BYTES);
    for (at++; at < limit && bytes[at] >= ' ' && bytes[at] != '\\'; at++) {
      if (bytes[at] == '"') {
        at++;
        return true;
      }
    }
    return false;
  }

  private boolean member(int key, int keyEnd) {
    skipBlanks();
    if (idKey != null && isKey(idKey, key, keyEnd)) {
      if (id != null || !string() || stringBytes == 0) {
        return false;
      }
      id = string(stringBytes);
      return true;
    }
    for (byte[] textKey : textKeys) {
      if (isKey(textKey, key, keyEnd)) {
        if (text != null || !string()) {
          return false;
        }
        text = string(stringBytes);
        return true;
      }
    }
    return value(0);
  }

  private boolean isKey(byte[] wanted, int key, int keyEnd) {
    return Arrays.equals(bytes, key, keyEnd, wanted, 0, wanted.length);
  }

  private boolean value(int depth) {
    skipBlanks();
    if (at == end || depth == MAX_DEPTH) {
      return false;
    }
    return switch (bytes[at]) {
      case '"' -> string();
      case '{' -> object(depth + 1);
      case '[' -> array(depth + 1);
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> number();
    };
  }

  private boolean array(int depth) {
    at++;
    if (take(']')) {
      return true;
    }
    do {
      if (!value(depth)) {
        return false;
      }
    } while (take(','));
    return take(']');
  }

  private boolean literal(String wanted) {
    for (int i = 0; i < wanted.length(); i++) {
      if (at == end || bytes[at++] != wanted.charAt(i)) {
        return false;
      }
    }
    return isDelimited();
  }

  private boolean number() {
    int start = at;
    if (bytes[at] == '-') {
      at++;
    }
    int first = at;
    int digits = digits();
    if (digits == 0 || (digits > 1 && bytes[first] == '0')) {
      return false;
    }
    if (at < end && bytes[at] == '.') {
      at++;
      if (digits() == 0) {
        return false;
      }
    }
    if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
      at++;
      if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
        at++;
      }
      if (digits() == 0) {
        return false;
      }
    }
    return at - start <= MAX_NUMBER_BYTES && isDelimited();
  }

  private int digits() {
    int start = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at - start;
  }

  private boolean isDelimited() {
    skipBlanks();
    return at < end && (bytes[at] == ',' || bytes[at] == '}' || bytes[at] == ']');
  }

  /** Reads a string into the scratch, in UTF-8. */
  private boolean string() {
    if (at == end || bytes[at] != '"') {
      return false;
    }
    at++;
    stringBytes = 0;
    while (true) {
      // A string in UTF-8 is never longer than what it is written as.
      require(end - at + Long.BYTES);
      int plain = ByteSearch.copyPlain(bytes, at, end, scratch, stringBytes);
      at += plain;
      stringBytes += plain;
      if (at == end || (bytes[at] != '"' && bytes[at] != '\\')) {
        return false;
      }
      if (bytes[at++] == '"') {
        return true;
      }
      if (!escape()) {
        return false;
      }
    }
  }

  private void require(int more) {
    if (scratch.length - stringBytes < more) {
      scratch = Arrays.copyOf(scratch, stringBytes + more);
    }
  }

  private boolean escape() {
    if (at == end) {
      return false;
    }
    byte c = bytes[at++];
    int plain =
        switch (c) {
          case '"', '\\', '/' -> c;
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          default -> -1;
        };
    if (plain < 0) {
      return c == 'u' && unicode();
    }
    scratch[stringBytes++] = (byte) plain;
    return true;
  }

  /** What stands behind a backslash and u; with a surrogate, its pair. */
  private boolean unicode() {
    int unit = hex();
    if (unit < 0) {
      return false;
    }
    if (!Character.isSurrogate((char) unit)) {
      putUtf8(unit);
      return true;
    }
    if (!Character.isHighSurrogate((char) unit)
        || end - at < 2
        || bytes[at] != '\\'
        || bytes[at + 1] != 'u') {
      return false;
    }
    at += 2;
    int low = hex();
    if (low < 0 || !Character.isLowSurrogate((char) low)) {
      return false;
    }
    putUtf8(Character.toCodePoint((char) unit, (char) low));
    return true;
  }

  /** Four hexadecimal digits, or -1. */
  private int hex() {
    if (end - at < 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < 4; i++) {
      byte c = bytes[at++];
      int digit = c < 0 ? -1 : Character.digit((char) c, 16);
      if (digit < 0) {
        return -1;
      }
      value = (value << 4) + digit;
    }
    return value;
  }

  private void putUtf8(int codePoint) {
    if (codePoint < 0x80) {
      scratch[stringBytes++] = (byte) codePoint;
      return;
    }
    if (codePoint < 0x800) {
      scratch[stringBytes++] = (byte) (0xC0 | (codePoint >> 6));
    } else {
      if (codePoint < 0x10000) {
        scratch[stringBytes++] = (byte) (0xE0 | (codePoint >> 12));
      } else {
        scratch[stringBytes++] = (byte) (0xF0 | (codePoint >> 18));
        putTrailing(codePoint >> 12);
      }
      putTrailing(codePoint >> 6);
    }
    putTrailing(codePoint);
  }

  private void putTrailing(int bits) {
    scratch[stringBytes++] = (byte) (0x80 | (bits & 0x3F));
  }

  private String string(int length) {
    // From ISO 8859-1 a string is made by a mere copy.
    Charset charset =
        ByteSearch.endOfAscii(scratch, 0, length) == length
            ? StandardCharsets.ISO_8859_1
            : StandardCharsets.UTF_8;
    return new String(scratch, 0, length, charset);
  }
}
