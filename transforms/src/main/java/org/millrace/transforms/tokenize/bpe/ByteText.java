package org.millrace.transforms.tokenize.bpe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text as UTF-8 in an array that is used again and again. */
final class ByteText {

  /** Readers may load whole words of 8 bytes, so as much may be read behind the text. */
  static final int SLACK = 64;

  /** Larger arrays are not kept for the next text. */
  private static final int KEPT = 1 << 20;

  /** The longest array that Java has. */
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

  /** Says that a text does not fit into an array. */
  static final class FullException extends RuntimeException {
    private FullException() {
      super("full", null, false, false);
    }
  }

  private char[] chars = new char[1 << 12];
  private byte[] bytes = new byte[1 << 14];
  private int length;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  /** Lets go of arrays that one long text has made large. */
  void trim() {
    if (bytes.length > KEPT) {
      bytes = new byte[1 << 14];
    }
    if (chars.length > KEPT) {
      chars = new char[1 << 12];
    }
  }

  /**
   * Takes a string over as the reference gets it. That passes the Java way of UTF-8 to the native
   * side, where NUL has 2 bytes and a character beyond U+FFFF 6. There they are put right, unless
   * the text has a lone surrogate: then every byte that is not UTF-8 becomes U+FFFD, in the whole
   * text.
   */
  void set(String text) {
    int count = text.length();
    length = 0;
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    // Of equal length are ASCII, and lone surrogates, for which Java writes question marks.
    if (utf8.length == count && new String(utf8, StandardCharsets.ISO_8859_1).equals(text)) {
      append(utf8, 0, count);
      return;
    }
    if (chars.length < count) {
      chars = new char[Math.max(count, 2 * chars.length)];
    }
    text.getChars(0, count, chars, 0);
    reserve(3L * count);
    if (!encode(count)) {
      encodeBroken(count);
    }
  }

  /** Returns false where there is a lone surrogate. */
  private boolean encode(int count) {
    char[] from = chars;
    byte[] to = bytes;
    int end = 0;
    for (int i = 0; i < count; i++) {
      char c = from[i];
      if (c < 0x80) {
        to[end++] = (byte) c;
      } else if (!Character.isSurrogate(c)) {
        end = Utf8.put(c, to, end);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < count
          && Character.isLowSurrogate(from[i + 1])) {
        end = Utf8.put(Character.toCodePoint(c, from[++i]), to, end);
      } else {
        return false;
      }
    }
    length = end;
    return true;
  }

  private void encodeBroken(int count) {
    reserve(9L * count);
    for (int i = 0; i < count; i++) {
      char c = chars[i];
      int broken = c == 0 ? 2 : Character.isSurrogate(c) ? 3 : 0;
      for (int k = 0; k < broken; k++) {
        append(REPLACEMENT, 0, REPLACEMENT.length);
      }
      if (broken == 0) {
        length = Utf8.put(c, bytes, length);
      }
    }
  }

  void append(byte[] source, int from, int to) {
    reserve(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
  }

  /** Appends a text with {@code content} for one of its bytes, unless that byte is not in it. */
  boolean appendReplaced(byte[] source, int from, int to, byte replaced, byte[] content) {
    reserve((long) (to - from) * content.length);
    byte[] target = bytes;
    int end = length;
    for (int i = from; i < to; i++) {
      byte b = source[i];
      if (b != replaced) {
        target[end++] = b;
      } else {
        for (byte c : content) {
          target[end++] = c;
        }
      }
    }
    boolean changed = content.length == 1 || end - length != to - from;
    length = end;
    return changed;
  }

  private void reserve(long more) {
    long needed = length + more + SLACK;
    if (needed > bytes.length) {
      if (needed > LONGEST) {
        throw new FullException();
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(needed, 2L * bytes.length), LONGEST));
    }
  }
}
