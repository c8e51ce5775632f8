package org.millrace.transforms.tokenize.bpe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text as UTF-8 in an array that is used again and again. */
final class ByteText {

  /** Readers may load whole words of 8 bytes, so as much may be read behind the text. */
  static final int SLACK = 64;

  /** A larger array is not kept for the next text. */
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

  /** Lets go of an array that one long text has made large. */
  void trim() {
    if (bytes.length > KEPT) {
      bytes = new byte[1 << 14];
    }
  }

  /**
   * Takes a string over as the reference gets it. That passes the Java way of UTF-8 to the native
   * side, where NUL has 2 bytes and a character beyond U+FFFF 6. There they are put right, unless
   * the text has a lone surrogate: then every byte that is not UTF-8 becomes U+FFFD, in the whole
   * text.
   */
  void set(String text) {
    length = 0;
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    // For a lone surrogate Java writes a question mark, and for nothing else that is not one.
    int marks = Utf8.count((byte) '?', utf8);
    if (marks == 0 || marks == count('?', text)) {
      append(utf8, 0, utf8.length);
    } else {
      setBroken(text.toCharArray());
    }
  }

  private static int count(char wanted, String text) {
    int count = 0;
    for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
      count++;
    }
    return count;
  }

  private void setBroken(char[] chars) {
    reserve(9L * chars.length);
    for (char c : chars) {
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
