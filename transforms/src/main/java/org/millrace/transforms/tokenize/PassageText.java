package org.millrace.transforms.tokenize;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millrace.transforms.data.TokenIds;

/**
 * The text of token ids that were cut out of a longer text. A cut may go through a character of
 * several bytes; of such a character nothing is shown, and of all others everything.
 *
 * <p>Where bytes are tokens ({@code <0x00>} to {@code <0xFF>}, as in LLaMA's vocabulary), the
 * tokens of a character that is cut are left out before decoding, because one byte that is wrong
 * there spoils all bytes beside it. Where tokens are written by GPT-2's alphabet of bytes, the
 * replacement characters that stand for the bytes of a cut character are taken away after it.
 *
 * <p>Tokens that no text has, as those of begin and end, are left out where they are asked to be.
 *
 * @see <a href="https://github.com/openai/gpt-2/blob/master/src/encoder.py">GPT-2, encoder.py,
 *     bytes_to_unicode</a>
 */
public final class PassageText {

  private static final char REPLACEMENT = '\uFFFD';

  /** A character has four bytes at most, so that three of it may be left at an edge. */
  private static final int MOST_CUT = 3;

  private final Tokenizer tokenizer;
  private final Set<Integer> hidden;
  private final boolean byteTokens;
  private final Map<Character, Integer> byteAlphabet;

  /**
   * Shows passages.
   *
   * @param tokenizer of the ids; must stay open
   * @param hidden the ids that are left out
   */
  public PassageText(Tokenizer tokenizer, Set<Integer> hidden) {
    this.tokenizer = tokenizer;
    this.hidden = Set.copyOf(hidden);
    this.byteTokens = tokenizer.idOf("<0x80>").isPresent();
    this.byteAlphabet = byteTokens ? Map.of() : alphabet(tokenizer);
  }

  /** GPT-2's characters for bytes; empty where the vocabulary has not all of them. */
  private static Map<Character, Integer> alphabet(Tokenizer tokenizer) {
    Map<Character, Integer> alphabet = new HashMap<>();
    int others = 0;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xFF && b != 0xAD);
      char c = (char) (printable ? b : 256 + others++);
      alphabet.put(c, b);
      // No text in UTF-8 has the bytes from 0xF5 on, and some vocabularies leave them out.
      if (b >= 0x80 && b < 0xC0 && tokenizer.idOf(Character.toString(c)).isEmpty()) {
        return Map.of();
      }
    }
    return alphabet;
  }

  /** The text of a passage. */
  public String of(TokenIds passage) {
    TokenIds ids = withoutHidden(passage);
    if (byteTokens) {
      ids = ids.slice(cutTokensAtBegin(ids), ids.length());
      ids = ids.slice(0, ids.length() - cutTokensAtEnd(ids));
    }
    if (ids.isEmpty()) {
      return "";
    }
    String text = tokenizer.decode(ids);
    return byteAlphabet.isEmpty() ? text : withoutCutBytes(text, ids);
  }

  private TokenIds withoutHidden(TokenIds passage) {
    int[] shown = new int[passage.length()];
    int count = 0;
    for (int i = 0; i < passage.length(); i++) {
      if (!hidden.contains(passage.get(i))) {
        shown[count++] = passage.get(i);
      }
    }
    return TokenIds.wrap(shown).slice(0, count);
  }

  /** The byte that a token is, or -1. */
  private int byteOf(int id) {
    Optional<String> token = tokenizer.tokenOf(id);
    return token.isPresent() && token.get().matches("<0x[0-9A-F]{2}>")
        ? Integer.parseInt(token.get().substring(3, 5), 16)
        : -1;
  }

  private int cutTokensAtBegin(TokenIds ids) {
    int cut = 0;
    while (cut < Math.min(MOST_CUT, ids.length()) && isContinuation(byteOf(ids.get(cut)))) {
      cut++;
    }
    return cut;
  }

  private int cutTokensAtEnd(TokenIds ids) {
    for (int back = 1; back <= Math.min(MOST_CUT, ids.length()); back++) {
      int value = byteOf(ids.get(ids.length() - back));
      if (!isContinuation(value)) {
        return back < size(value) ? back : 0;
      }
    }
    return 0;
  }

  private String withoutCutBytes(String text, TokenIds ids) {
    int from = 0;
    int bytes = cutBytesAtBegin(ids);
    while (from < Math.min(bytes, text.length()) && text.charAt(from) == REPLACEMENT) {
      from++;
    }
    int to = text.length();
    if (to > from && text.charAt(to - 1) == REPLACEMENT && isCutAtEnd(ids)) {
      to--;
    }
    return text.substring(from, to);
  }

  private int cutBytesAtBegin(TokenIds ids) {
    int cut = 0;
    for (int i = 0; i < ids.length() && cut < MOST_CUT; i++) {
      for (char c : tokenizer.tokenOf(ids.get(i)).orElse("").toCharArray()) {
        if (cut == MOST_CUT || !isContinuation(byteAlphabet.getOrDefault(c, -1))) {
          return cut;
        }
        cut++;
      }
    }
    return cut;
  }

  private boolean isCutAtEnd(TokenIds ids) {
    int back = 0;
    for (int i = ids.length() - 1; i >= 0; i--) {
      String token = tokenizer.tokenOf(ids.get(i)).orElse("");
      for (int at = token.length() - 1; at >= 0; at--) {
        int value = byteAlphabet.getOrDefault(token.charAt(at), -1);
        back++;
        if (!isContinuation(value) || back > MOST_CUT) {
          return back < size(value);
        }
      }
    }
    return false;
  }

  private static boolean isContinuation(int value) {
    return value >= 0x80 && value < 0xC0;
  }

  /** How many bytes a character has that begins with this one (RFC 3629, section 3). */
  private static int size(int value) {
    return value < 0xC2 || value > 0xF4 ? 0 : value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4;
  }
}
