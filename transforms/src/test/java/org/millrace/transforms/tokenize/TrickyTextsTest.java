package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TrickyTextsTest {

  private static final Map<String, String> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("added token", "<\\|end\\|>");
    KINDS.put("added token with a letter less", "<\\|nd\\|>|<\\|ed\\|>|<\\|en\\|>");
    KINDS.put("added token in another case", "<\\|End\\|>|<\\|eNd\\|>");
    KINDS.put("added token after a letter", "[a-z]<\\|end\\|>");
    KINDS.put("long run of blanks", " {30}");
    KINDS.put("blank of another kind", "[\\u00a0\\u3000\\u2003]");
    KINDS.put("control", "[\\x00-\\x08]");
    KINDS.put("half of a surrogate pair", "[\\ud800-\\udfff]");
    KINDS.put("marks", "[\\u0300-\\u036f]{2}");
    KINDS.put("family", "\\x{1f468}\\u200d\\x{1f469}");
    KINDS.put("digits", "[0-9]{4}");
    KINDS.put("digits that are not ASCII", "[\\u0660-\\u0669\\u2160-\\u2188]");
    KINDS.put("Han", "\\p{IsHan}");
    KINDS.put("beyond the first plane", "[\\x{10000}-\\x{10ffff}]");
    KINDS.put("unassigned in Java's tables", "[\\x{11f00}-\\x{11f59}]");
    KINDS.put("contraction", "'[a-zA-Z]");
    KINDS.put("two scripts", "\\p{IsLatin}[\\p{IsCyrillic}\\p{IsGreek}]");
  }

  @Test
  void holdsEveryKindOfText() {
    TrickyTexts hard = new TrickyTexts(List.of("<|end|>"));
    List<String> texts = new ArrayList<>();
    long chars = 0;
    for (int seed = 0; seed < 50_000; seed++) {
      texts.add(hard.text(seed));
      chars += texts.get(seed).length();
    }

    List<String> absent = new ArrayList<>();
    KINDS.forEach(
        (kind, regex) -> {
          Pattern pattern = Pattern.compile(regex);
          if (texts.stream().noneMatch(text -> pattern.matcher(text).find())) {
            absent.add(kind);
          }
        });
    assertThat(absent, is(empty()));
    // Short, because the library is slow.
    assertThat(chars / texts.size(), is(lessThan(40L)));
  }

  @Test
  void givesEqualTextsForEqualSeeds() {
    TrickyTexts one = new TrickyTexts(List.of("<s>"));
    TrickyTexts other = new TrickyTexts(List.of("<s>"));

    for (int seed = 0; seed < 100; seed++) {
      assertThat(one.text(seed), is(other.text(seed)));
    }
  }
}
