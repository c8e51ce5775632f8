package org.millrace.transforms.tokenize.bpe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts one text for another, wherever it stands. */
final class Replace implements TextStep {

  private final byte[] pattern;
  private final byte[] content;

  /**
   * Makes a step.
   *
   * @param pattern not empty
   */
  Replace(String pattern, String content) {
    this.pattern = pattern.getBytes(StandardCharsets.UTF_8);
    this.content = content.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether it puts {@code to} for {@code from}. */
  boolean puts(String from, String to) {
    return Arrays.equals(pattern, from.getBytes(StandardCharsets.UTF_8))
        && Arrays.equals(content, to.getBytes(StandardCharsets.UTF_8));
  }

  static boolean isAt(byte[] pattern, byte[] text, int at, int to) {
    if (to - at < pattern.length) {
      return false;
    }
    for (int i = 0; i < pattern.length; i++) {
      if (text[at + i] != pattern[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean apply(byte[] text, int from, int to, boolean first, ByteText target) {
    if (pattern.length == 1) {
      return target.appendReplaced(text, from, to, pattern[0], content);
    }
    boolean changed = false;
    int done = from;
    int at = Utf8.indexOf(pattern[0], text, from, to);
    while (at < to) {
      if (isAt(pattern, text, at, to)) {
        target.append(text, done, at);
        target.append(content, 0, content.length);
        at += pattern.length;
        done = at;
        changed = true;
      } else {
        at++;
      }
      at = Utf8.indexOf(pattern[0], text, at, to);
    }
    if (changed) {
      target.append(text, done, to);
    }
    return changed;
  }
}
