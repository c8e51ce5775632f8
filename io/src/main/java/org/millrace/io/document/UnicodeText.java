package org.millrace.io.document;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Utf8;

/** Makes sure that text is well-formed Unicode. */
final class UnicodeText {

  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InvalidText policy;

  UnicodeText(InvalidText policy) {
    this.policy = policy;
  }

  /** The text of bytes in UTF-8. */
  String decode(byte[] bytes, int from, int length, String what) throws RecordException {
    if (policy == InvalidText.REJECT && !Utf8.isWellFormed(bytes, from, length)) {
      throw RecordException.invalidText(
          String.format(
              Locale.ROOT,
              "%s is not UTF-8 from its byte %d on",
              what,
              wellFormed(bytes, from, length)));
    }
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }

  /** A text without lone surrogates. */
  String check(String text, String what) throws RecordException {
    int lone = loneSurrogate(text, 0);
    if (lone < 0) {
      return text;
    }
    if (policy == InvalidText.REJECT) {
      throw RecordException.invalidText(
          String.format(
              Locale.ROOT,
              "%s has a lone surrogate U+%04X at character %d",
              what,
              (int) text.charAt(lone),
              lone));
    }
    StringBuilder replaced = new StringBuilder(text);
    for (int i = lone; i >= 0; i = loneSurrogate(text, i + 1)) {
      replaced.setCharAt(i, '\uFFFD');
    }
    return replaced.toString();
  }

  private static int loneSurrogate(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /** How many bytes at the beginning are well-formed UTF-8. */
  private static int wellFormed(byte[] bytes, int from, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
    CharBuffer out = CharBuffer.allocate(1 << 13);
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CoderResult result = CoderResult.OVERFLOW;
    while (result.isOverflow()) {
      out.clear();
      result = decoder.decode(in, out, true);
    }
    return in.position() - from;
  }

  /** The number of bytes of a byte order mark of UTF-8 at the beginning: 3 or 0. */
  static int bomBytes(byte[] bytes, int from, int length) {
    boolean bom =
        length >= BOM.length
            && bytes[from] == BOM[0]
            && bytes[from + 1] == BOM[1]
            && bytes[from + 2] == BOM[2];
    return bom ? BOM.length : 0;
  }

  /** The name of another encoding whose byte order mark stands at the beginning, or nothing. */
  static String foreignEncoding(byte[] bytes, int from, int length) {
    int first = length < 2 ? 0 : unit(bytes, from);
    int second = length < 4 ? -1 : unit(bytes, from + 2);
    if (first == 0xFFFE) {
      return second == 0 ? "UTF-32LE" : "UTF-16LE";
    }
    if (first == 0xFEFF) {
      return "UTF-16BE";
    }
    return first == 0 && second == 0xFEFF ? "UTF-32BE" : "";
  }

  private static int unit(byte[] bytes, int from) {
    return ((bytes[from] & 0xFF) << 8) + (bytes[from + 1] & 0xFF);
  }
}
