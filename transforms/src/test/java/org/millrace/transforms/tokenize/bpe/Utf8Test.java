package org.millrace.transforms.tokenize.bpe;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Utf8Test {

  private static final int LENGTH = 40;

  @Test
  void smallLettersEndAtEachOtherByteWhereverItStands() {
    for (int b = Byte.MIN_VALUE; b <= Byte.MAX_VALUE; b++) {
      boolean small = b >= 'a' && b <= 'z';
      for (int at = 0; at < LENGTH; at++) {
        byte[] text = letters();
        text[at] = (byte) b;
        for (int from = 0; from <= at; from++) {
          assertThat(
              "byte " + b + " at " + at + " from " + from,
              Utf8.endOfSmallLetters(text, from, LENGTH),
              is(small ? LENGTH : at));
        }
      }
    }
  }

  @Test
  void smallLettersEndWhereTheTextDoes() {
    for (int to = 0; to <= LENGTH; to++) {
      for (int from = 0; from <= to; from++) {
        assertThat(Utf8.endOfSmallLetters(letters(), from, to), is(to));
      }
    }
  }

  /** Letters, with more of them behind the text, which must not count. */
  private static byte[] letters() {
    byte[] text = new byte[LENGTH + ByteText.SLACK];
    Arrays.fill(text, (byte) 'z');
    for (int i = 0; i < text.length; i += 2) {
      text[i] = (byte) (i % 4 == 0 ? 'a' : 'm');
    }
    return text;
  }
}
