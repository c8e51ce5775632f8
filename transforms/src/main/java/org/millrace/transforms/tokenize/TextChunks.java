package org.millrace.transforms.tokenize;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.millrace.transforms.data.TokenIds;

/**
 * Cuts texts as the preparation of CrystalCoder's data did, to get the ids that it got.
 *
 * <p>A chunk ends before the first blank (U+0020) at or behind its first {@code characters} code
 * points; without such a blank it is all that is left. Each is tokenized as a text of its own:
 * where a tokenizer puts a blank before a text, there is a token more at each cut.
 *
 * @param characters how many code points a chunk has at least, but for the last; 1 or more
 */
record TextChunks(int characters) {

  TextChunks {
    checkArgument(characters > 0, "characters must be 1 or more, was %s", characters);
  }

  /** The ids of a text's chunks, one after another. */
  TokenIds encode(String text, Function<String, TokenIds> encoder) {
    List<TokenIds> parts = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      int end = end(text, start);
      parts.add(encoder.apply(text.substring(start, end)));
      start = end;
    }
    int[] ids = new int[parts.stream().mapToInt(TokenIds::length).reduce(0, Math::addExact)];
    int filled = 0;
    for (TokenIds part : parts) {
      part.copyTo(ids, filled);
      filled += part.length();
    }
    return TokenIds.wrap(ids);
  }

  private int end(String text, int start) {
    int from = start;
    for (int i = 0; i < characters; i++) {
      if (from == text.length()) {
        return from;
      }
      from += Character.charCount(text.codePointAt(from));
    }
    int blank = text.indexOf(' ', from);
    return blank < 0 ? text.length() : blank;
  }
}
