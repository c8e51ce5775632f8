package org.millrace.transforms.tokenize.bpe;

import java.nio.charset.StandardCharsets;

/**
 * Leaves a text to the reference that holds U+2581 itself, where the {@link BlankForm} would take
 * it for a blank that a scanner asks for.
 */
final class MarkRefusal implements TextStep {

  private static final byte[] MARK = BlankForm.MARK.getBytes(StandardCharsets.UTF_8);

  @Override
  public boolean apply(byte[] text, int from, int to, boolean first, ByteText target)
      throws UnsupportedTextException {
    int at = Utf8.indexOf(MARK[0], text, from, to);
    while (at < to) {
      if (Replace.isAt(MARK, text, at, to)) {
        throw new UnsupportedTextException("U+2581 where blanks before digits are looked for");
      }
      at = Utf8.indexOf(MARK[0], text, at + 1, to);
    }
    return false;
  }
}
