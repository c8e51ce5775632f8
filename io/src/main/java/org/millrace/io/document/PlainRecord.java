package org.millrace.io.document;

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

  private final List<byte[]> textKeys;
  private final byte[] idKey;
  private final Utf8Buffer string = new Utf8Buffer();

  private byte[] bytes;
  private int at;
  private int end;
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
    boolean read = object(0) && text != null && (id != null || idKey == null);
    skipBlanks();
    read &= at == end;
    bytes = null;
    string.shrink();
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
    if (idKey != null && Arrays.equals(bytes, key, keyEnd, idKey, 0, idKey.length)) {
      if (id != null || !string() || string.isEmpty()) {
        return false;
      }
      id = string.toString();
      return true;
    }
    for (byte[] textKey : textKeys) {
      if (Arrays.equals(bytes, key, keyEnd, textKey, 0, textKey.length)) {
        if (text != null || !string()) {
          return false;
        }
        text = string.toString();
        return true;
      }
    }
    return value(0);
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

  /** Reads a string into the buffer. */
  private boolean string() {
    if (at == end || bytes[at] != '"') {
      return false;
    }
    at++;
    string.clear();
    while (true) {
      at += string.appendPlain(bytes, at, end);
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
    string.append(plain);
    return true;
  }

  /** What stands behind a backslash and u; with a surrogate, its pair. */
  private boolean unicode() {
    int unit = hex();
    if (unit < 0) {
      return false;
    }
    if (!Character.isSurrogate((char) unit)) {
      string.append(unit);
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
    string.append(Character.toCodePoint((char) unit, (char) low));
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
}
