package org.millrace.transforms.tokenize.bpe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The tokens of single characters. What has none becomes the tokens of its bytes, where the model
 * falls back to bytes and all of them have tokens; or else the unknown token; or, where there is
 * none, nothing.
 */
final class CharacterSymbols implements Symbols {

  static final int NONE = -1;

  private static final int BYTES = 256;
  private static final int PAGE_BITS = 8;
  private static final int[] NO_PAGE = filled(1 << PAGE_BITS);

  private final int[][] pages = new int[(Character.MAX_CODE_POINT + 1) >> PAGE_BITS][];
  private final int[] bytes = filled(BYTES);
  private final int unknown;
  private final boolean fuseUnknown;
  private final boolean allBytes;
  private final Set<String> standIns = new HashSet<>();

  /**
   * Takes the tokens of all characters from a vocabulary.
   *
   * @param byteFallback whether {@code <0x00>} to {@code <0xFF>} stand for bytes
   * @param unknown the unknown token, or {@link #NONE}
   * @param fuseUnknown whether one stands for a whole run of unknown characters
   */
  CharacterSymbols(
      Map<String, Integer> vocabulary, boolean byteFallback, int unknown, boolean fuseUnknown) {
    this.unknown = unknown;
    this.fuseUnknown = fuseUnknown;
    Arrays.fill(pages, NO_PAGE);
    vocabulary.forEach(this::take);
    boolean all = byteFallback;
    for (int b = 0; byteFallback && b < BYTES; b++) {
      String token = String.format(Locale.ROOT, "<0x%02X>", b);
      bytes[b] = vocabulary.getOrDefault(token, NONE);
      standIns.add(token);
      all &= bytes[b] != NONE;
    }
    this.allBytes = all;
    vocabulary.forEach(
        (token, id) -> {
          if (id == unknown) {
            standIns.add(token);
          }
        });
  }

  private static int[] filled(int length) {
    int[] ids = new int[length];
    Arrays.fill(ids, NONE);
    return ids;
  }

  private void take(String token, Integer id) {
    if (token.isEmpty() || token.codePointCount(0, token.length()) != 1) {
      return;
    }
    int codePoint = token.codePointAt(0);
    int page = codePoint >> PAGE_BITS;
    if (pages[page] == NO_PAGE) {
      pages[page] = NO_PAGE.clone();
    }
    pages[page][codePoint & ((1 << PAGE_BITS) - 1)] = id;
  }

  /** The token of a character, or {@link #NONE}. */
  int of(int codePoint) {
    return pages[codePoint >> PAGE_BITS][codePoint & ((1 << PAGE_BITS) - 1)];
  }

  @Override
  public void append(byte[] text, int from, int to, IdBuffer out) {
    // As the library has it, an unknown token waits for the next known character, or the end;
    // tokens of bytes go before it.
    boolean waiting = false;
    int at = from;
    while (at < to) {
      int end = at + Utf8.width(text[at]);
      int id = of(Utf8.codePoint(text, at));
      if (id != NONE) {
        if (waiting) {
          out.add(unknown);
          waiting = false;
        }
        out.add(id);
      } else if (!appendBytes(text, at, end, out) && unknown != NONE) {
        if (waiting && !fuseUnknown) {
          out.add(unknown);
        }
        waiting = true;
      }
      at = end;
    }
    if (waiting) {
      out.add(unknown);
    }
  }

  private boolean appendBytes(byte[] text, int from, int to, IdBuffer out) {
    for (int i = from; i < to; i++) {
      if (bytes[text[i] & 0xFF] == NONE) {
        return false;
      }
    }
    for (int i = from; i < to; i++) {
      out.add(bytes[text[i] & 0xFF]);
    }
    return true;
  }

  /** Whether all characters become tokens, so that none comes to stand beside a distant one. */
  boolean isComplete() {
    return allBytes || unknown != NONE;
  }

  /** Whether a token stands for bytes or characters that it does not show. */
  boolean isStandIn(String token) {
    return standIns.contains(token);
  }

  /** Whether no character ever becomes the unknown token. */
  boolean isAllBytes() {
    return allBytes;
  }

  /** The bytes of a token in such a vocabulary. */
  static byte[] bytes(String token) {
    return token.getBytes(StandardCharsets.UTF_8);
  }
}
