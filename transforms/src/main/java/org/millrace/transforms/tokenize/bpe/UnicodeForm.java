package org.millrace.transforms.tokenize.bpe;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * A normal form of Unicode.
 *
 * <p>Most text is in it already, which a look at its characters shows: each stays as it is and has
 * no part in a composition. Other text goes to Java's own normalizer. That knows characters which
 * the tables of the reference do not have, so a text with one of them is left to the reference. A
 * later version of Unicode never changes the normal form of text that an earlier one knows.
 */
final class UnicodeForm implements TextStep {

  private static final byte UNCERTAIN = 1;
  private static final byte ACTIVE = 2;

  private final Normalizer.Form form;
  private final byte[] flags = new byte[Character.MAX_CODE_POINT + 1];
  // All below are inert.
  private final int lowest;

  UnicodeForm(Normalizer.Form form) {
    this.form = form;
    for (int c = 0x80; c < flags.length; c++) {
      if (!Character.isDefined(c)
          || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
        continue;
      }
      mark(c);
    }
    int first = 0;
    while (first < flags.length && flags[first] == 0) {
      first++;
    }
    this.lowest = first;
  }

  private void mark(int c) {
    String alone = Character.toString(c);
    if (!Normalizer.isNormalized(alone, form) || isReordered(c)) {
      see(c);
    }
    if (!Normalizer.isNormalized(alone, Normalizer.Form.NFD)) {
      int[] parts = Normalizer.normalize(alone, Normalizer.Form.NFD).codePoints().toArray();
      for (int i = 1; i < parts.length; i++) {
        see(parts[i]);
      }
      if (!isKnown(c)) {
        see(c);
        for (int part : parts) {
          if (!isKnown(part)) {
            see(part);
          }
        }
      }
    }
  }

  private void see(int c) {
    flags[c] |= isKnown(c) ? ACTIVE : (byte) (ACTIVE | UNCERTAIN);
  }

  private static boolean isKnown(int c) {
    return (Characters.flags(c) & Characters.NORMALIZING) != 0;
  }

  /** Whether marks change their order with it, be it of a low or of a high class. */
  private static boolean isReordered(int c) {
    int type = Character.getType(c);
    if (type != Character.NON_SPACING_MARK
        && type != Character.COMBINING_SPACING_MARK
        && type != Character.ENCLOSING_MARK) {
      return false;
    }
    // The lowest class and the highest.
    return !Normalizer.isNormalized(Character.toString(c) + '\u0334', Normalizer.Form.NFD)
        || !Normalizer.isNormalized('\u0345' + Character.toString(c), Normalizer.Form.NFD)
        || c == 0x345;
  }

  @Override
  public boolean apply(byte[] text, int from, int to, boolean first, ByteText target)
      throws UnsupportedTextException {
    int seen = 0;
    for (int at = from; at < to; ) {
      byte lead = text[at];
      if (lead >= 0) {
        at = Utf8.endOfAscii(text, at + 1, to);
        continue;
      }
      int c = Utf8.codePoint(text, at);
      if (c >= lowest) {
        seen |= flags[c];
      }
      at += Utf8.width(lead);
    }
    if (seen == 0) {
      return false;
    }
    if ((seen & UNCERTAIN) != 0) {
      throw new UnsupportedTextException("a character that older tables of Unicode lack");
    }
    String string = new String(text, from, to - from, StandardCharsets.UTF_8);
    if (Normalizer.isNormalized(string, form)) {
      return false;
    }
    byte[] normal = Normalizer.normalize(string, form).getBytes(StandardCharsets.UTF_8);
    target.append(normal, 0, normal.length);
    return true;
  }
}
