package org.millrace.transforms.tokenize.bpe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts something before each text that is not empty. */
final class Prepend implements TextStep {

  /** Where it is put. */
  enum When {
    ALWAYS,
    UNLESS_THERE,
    UNLESS_THERE_AT_FIRST
  }

  private final byte[] content;
  private final When when;

  Prepend(String content, When when) {
    this.content = content.getBytes(StandardCharsets.UTF_8);
    this.when = when;
  }

  /** Whether it puts {@code what} before a text. */
  boolean puts(String what) {
    return Arrays.equals(content, what.getBytes(StandardCharsets.UTF_8));
  }

  /** The same with something else to put. */
  Prepend with(String what) {
    return new Prepend(what, when);
  }

  @Override
  public boolean apply(byte[] text, int from, int to, boolean first, ByteText target) {
    boolean wanted =
        switch (when) {
          case ALWAYS -> from < to;
          case UNLESS_THERE -> from < to && !Replace.isAt(content, text, from, to);
          case UNLESS_THERE_AT_FIRST ->
              first && from < to && !Replace.isAt(content, text, from, to);
        };
    if (wanted) {
      target.append(content, 0, content.length);
      target.append(text, from, to);
    }
    return wanted;
  }
}
