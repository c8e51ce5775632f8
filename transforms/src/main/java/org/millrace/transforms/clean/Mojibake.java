package org.millrace.transforms.clean;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 that was read as Latin-1 or Windows-1252, and how to undo it: {@code Ã©} is {@code é}.
 *
 * <p>A line is mended when each of its characters beyond ASCII stands for a byte in Windows-1252 or
 * Latin-1, and these bytes are valid UTF-8 with at least one character of several bytes. Such a
 * line is next to never meant as it stands.
 */
final class Mojibake {

  /** WHATWG, Encoding, index windows-1252: what 0x80 to 0x9F stand for. */
  private static final String WINDOWS_1252 =
      "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D"
          + "\u008F\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153"
          + "\u009D\u017E\u0178";

  private static final int ASCII = 0x80;

  private Mojibake() {}

  /** The text with all lines mended that can be. */
  static String mend(String text) {
    if (text.chars().allMatch(c -> c < ASCII)) {
      return text;
    }
    StringBuilder mended = new StringBuilder(text.length());
    for (int start = 0; start < text.length(); ) {
      int newline = text.indexOf('\n', start);
      int end = newline < 0 ? text.length() : newline + 1;
      mended.append(line(text.substring(start, end)));
      start = end;
    }
    return mended.toString();
  }

  private static String line(String line) {
    byte[] bytes = new byte[line.length()];
    boolean ascii = true;
    for (int i = 0; i < bytes.length; i++) {
      int b = byteOf(line.charAt(i));
      if (b < 0) {
        return line;
      }
      ascii &= b < ASCII;
      bytes[i] = (byte) b;
    }
    if (ascii) {
      return line;
    }
    try {
      CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return decoded.toString();
    } catch (CharacterCodingException e) {
      return line;
    }
  }

  private static int byteOf(char c) {
    if (c < 0x100) {
      return c;
    }
    int place = WINDOWS_1252.indexOf(c);
    return place < 0 ? -1 : ASCII + place;
  }
}
