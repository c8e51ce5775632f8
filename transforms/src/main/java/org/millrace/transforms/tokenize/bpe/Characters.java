package org.millrace.transforms.tokenize.bpe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * What the reference takes each character for.
 *
 * <p>The library has several tables inside: that of its regular expressions is of Unicode 16, that
 * of the Rust language, which says what is numeric, of Unicode 17, and those of its normalizers and
 * of punctuation are of Unicode 9 and 8. Java has others again, and others in each version. So the
 * sets come from a file, which was made by asking the library about every character.
 *
 * <pre>
 * File --> Set^11      Set --> Name ":" (" " Range)*, on one or more lines
 *   Range --> Hex or Hex "-" Hex, both included
 * </pre>
 *
 * <p>{@code letter}, {@code number} and {@code space} are {@code \p{L}}, {@code \p{N}} and {@code
 * \s}; {@code numeric} is Rust's {@code char::is_numeric}; {@code word} is {@code \w}; {@code
 * normalizing} are the characters that a normalizer changes, moves, or joins to the one before
 * them; {@code punctuation} is what the pre-tokenizer of that name cuts out; {@code upper}, {@code
 * lower}, {@code mark} and {@code sign} are {@code [\p{Lu}\p{Lt}]}, {@code \p{Ll}}, {@code \p{M}}
 * and {@code [\p{P}\p{S}]}.
 */
final class Characters {

  static final int LETTER = 1;
  static final int NUMBER = 1 << 1;
  static final int SPACE = 1 << 2;
  static final int NUMERIC = 1 << 3;
  static final int WORD = 1 << 4;
  static final int NORMALIZING = 1 << 5;
  static final int PUNCTUATION = 1 << 6;
  static final int UPPER = 1 << 7;
  static final int LOWER = 1 << 8;
  static final int MARK = 1 << 9;
  static final int SIGN = 1 << 10;

  /** The bits of which a character has at most one. */
  static final int KIND = LETTER | NUMBER | SPACE;

  private static final Map<String, Integer> SETS =
      Map.ofEntries(
          Map.entry("letter", LETTER),
          Map.entry("number", NUMBER),
          Map.entry("space", SPACE),
          Map.entry("numeric", NUMERIC),
          Map.entry("word", WORD),
          Map.entry("normalizing", NORMALIZING),
          Map.entry("punctuation", PUNCTUATION),
          Map.entry("upper", UPPER),
          Map.entry("lower", LOWER),
          Map.entry("mark", MARK),
          Map.entry("sign", SIGN));

  private static final String FILE = "characters.txt";

  private static final int BLOCK_BITS = 7;
  private static final int BLOCK = 1 << BLOCK_BITS;

  // Blocks of 128 characters, equal ones only once: what a text uses then stays in the cache.
  private static final short[] BLOCKS = new short[(Character.MAX_CODE_POINT + 1) >> BLOCK_BITS];
  private static final short[] FLAGS = compress(read());

  private Characters() {}

  /** The sets that a character is in, as bits. */
  static int flags(int codePoint) {
    return FLAGS[(BLOCKS[codePoint >> BLOCK_BITS] << BLOCK_BITS) | (codePoint & (BLOCK - 1))];
  }

  /** The same for an ASCII character. */
  static int asciiFlags(int codePoint) {
    // The first block is of ASCII.
    return FLAGS[codePoint];
  }

  private static short[] compress(short[] flags) {
    short[] distinct = new short[flags.length];
    int count = 0;
    for (int block = 0; block < BLOCKS.length; block++) {
      int from = block << BLOCK_BITS;
      int found = 0;
      while (found < count
          && !Arrays.equals(
              distinct,
              found << BLOCK_BITS,
              (found + 1) << BLOCK_BITS,
              flags,
              from,
              from + BLOCK)) {
        found++;
      }
      if (found == count) {
        System.arraycopy(flags, from, distinct, count << BLOCK_BITS, BLOCK);
        count++;
      }
      BLOCKS[block] = (short) found;
    }
    return Arrays.copyOf(distinct, count << BLOCK_BITS);
  }

  private static short[] read() {
    short[] flags = new short[Character.MAX_CODE_POINT + 1];
    try (InputStream in = Characters.class.getResourceAsStream(FILE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      int bit = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int colon = line.indexOf(':');
        if (colon >= 0) {
          bit = SETS.get(line.substring(0, colon));
        }
        for (String range : line.substring(colon + 1).trim().split(" ", -1)) {
          set(flags, range, bit);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + FILE, e);
    }
    return flags;
  }

  private static void set(short[] flags, String range, int bit) {
    int dash = range.indexOf('-');
    int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash), 16);
    int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1), 16);
    for (int codePoint = first; codePoint <= last; codePoint++) {
      flags[codePoint] |= (short) bit;
    }
  }
}
