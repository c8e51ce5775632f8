package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where the patterns of all families cut, against the library. Every two bytes merge in the
 * vocabulary, so that another cut nearly always gives other ids.
 */
class FamilyPiecesTest {

  private static final int TEXTS = 4_000;

  private static Map<String, byte[]> families;

  @BeforeAll
  static void joinAllBytes() throws Exception {
    List<String> merges = new ArrayList<>();
    for (String left : TinyTokenizer.byteSymbols()) {
      TinyTokenizer.byteSymbols().forEach(right -> merges.add(left + " " + right));
    }
    Collections.shuffle(merges, new Random(3));
    families = Families.of(new TinyTokenizer(merges.toArray(String[]::new)).json());
  }

  private static List<String> differences(EnginePair pair, List<String> texts) {
    return texts.stream().map(pair::difference).flatMap(Optional::stream).limit(5).toList();
  }

  @Test
  void mixedTextsAreCutAlike() throws Exception {
    List<String> added = List.of();
    TrickyTexts tricky = new TrickyTexts(added);
    HardTexts hard = new HardTexts(4, added);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < TEXTS; i++) {
      texts.add(i % 2 == 0 ? hard.next() : tricky.text(i));
    }
    int compared = 0;

    for (Map.Entry<String, byte[]> family : families.entrySet()) {
      if (!family.getKey().equals("nfkc-lowercase")) {
        try (EnginePair pair =
            new EnginePair(family.getKey(), family.getValue(), false, SplitDigits.NONE)) {
          assertThat(family.getKey(), differences(pair, texts), is(empty()));
          compared++;
        }
      }
    }

    assertThat(compared, greaterThan(12));
  }

  /** Before and behind letters of both cases, marks, signs, numbers and blanks. */
  @ParameterizedTest
  @ValueSource(strings = {"o200k", "deepseek-v3"})
  void everyCharacterIsCutAlike(String family) throws Exception {
    List<String> texts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (isOneOfItsOwn(c) || c % 256 == 0) {
        append(c, text);
      }
      if (text.length() > 500 || c == Character.MAX_CODE_POINT) {
        texts.add(text.toString());
        text.setLength(0);
      }
    }

    try (EnginePair pair = new EnginePair(family, families.get(family), false, SplitDigits.NONE)) {
      assertThat(differences(pair, texts), is(empty()));
    }
  }

  /** Not so the tens of thousands of ideographs, syllables and characters that mean nothing. */
  private static boolean isOneOfItsOwn(int c) {
    return Character.isDefined(c)
        && !Character.isIdeographic(c)
        && Character.getType(c) != Character.PRIVATE_USE
        && Character.UnicodeBlock.of(c) != Character.UnicodeBlock.HANGUL_SYLLABLES;
  }

  private static void append(int c, StringBuilder text) {
    if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      return;
    }
    for (String before :
        new String[] {"ab", "AB", " ", "Ab", "\u0301", "1", ".", "\n", "\u4e00A"}) {
      text.append(before).appendCodePoint(c);
    }
    text.append("'s").appendCodePoint(c).appendCodePoint(c).append("'s A");
  }
}
