package org.millrace.transforms.tokenize;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Long documents: as they are in real data, and as they are in bad dreams. */
final class LongTexts {

  private LongTexts() {}

  /**
   * Texts of 100,000 characters, or, where {@code large}, of a million and more.
   *
   * @param hard what some of them are made of
   */
  static List<String> all(TrickyTexts hard, boolean large) {
    int length = large ? 1_000_000 : 100_000;
    List<String> texts = new ArrayList<>();
    StringBuilder mixed = new StringBuilder();
    for (long seed = -1; mixed.length() < length; seed--) {
      String text = hard.text(seed);
      // Java and the library must not see halves of surrogate pairs only because texts were joined.
      if (text.codePoints().noneMatch(c -> c >= 0xd800 && c < 0xe000)) {
        mixed.append(text);
      }
    }
    texts.add(mixed.toString());
    SplittableRandom random = new SplittableRandom(9);
    StringBuilder word = new StringBuilder();
    StringBuilder base64 = new StringBuilder();
    StringBuilder han = new StringBuilder();
    StringBuilder prose = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(26)));
      base64.append("ABCDEFGHIJKLMabcdefghijklm0123456789+/".charAt(random.nextInt(38)));
      han.append((char) random.nextInt(0x4e00, 0x9fff));
      prose.append("etaoin shrdlu. ETAOIN, 12 ".charAt(random.nextInt(26)));
    }
    texts.add(word.toString());
    texts.add(base64.toString());
    texts.add(han.toString());
    texts.add(prose.toString());
    for (String unit :
        List.of(" ", "\n", "a", "ab", "=", "\u00e9", " a", "\u4e2d", "0", "e\u0301")) {
      texts.add(unit.repeat(length / unit.length()));
    }
    return texts;
  }
}
