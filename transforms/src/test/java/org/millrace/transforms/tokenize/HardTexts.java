package org.millrace.transforms.tokenize;

import java.util.List;
import java.util.Random;

/** Texts at which tokenizers differ: a seed gives the same ones each time. */
final class HardTexts {

  private static final String[] PIECES = {
    " ",
    "  ",
    "   ",
    "\n",
    "\r\n",
    "\t",
    "\u00a0",
    "\u2003",
    "\u3000",
    "\u0085",
    "\u000b",
    "\u2028",
    "\u2581",
    "\u2581\u2581",
    "'s",
    "'S",
    "'ll",
    "'LL",
    "'re",
    "'vE",
    "'\u017f",
    "'d",
    "'",
    "''",
    "\"",
    "don't",
    "the",
    " the",
    "The",
    "THE",
    " quick",
    "hello",
    " world",
    "0",
    "1",
    "42",
    "2023",
    " 3",
    "1,000",
    "\u00b2",
    "\u00bd",
    "\u0663",
    "\u2167",
    "\u4e00",
    "\u4f60\u597d",
    "\u65e5\u672c",
    "\uc548\ub155",
    "\u1112\u1161\u11ab",
    "\u0928\u093f",
    "e\u0301",
    "\u00e9",
    "a\u0323\u0302",
    "\u1e69",
    "\u0301",
    "\u05d0\u05b8",
    "\u0645\u064e",
    "\ud83d\ude00",
    "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
    "\ud83c\uddeb\ud83c\uddf7",
    "\ufe0f",
    "\u200b",
    "\ufeff",
    "\ufffd",
    "\u0000",
    "\u0001",
    "\u007f",
    "\ud835\udd38",
    "<|endoftext|>",
    "<|endoftext",
    "|endoftext|>",
    "<s>",
    "</s>",
    "</s",
    "<unk>",
    "<|end|>",
    "<|user|>",
    "<0x0A>",
    "Q1",
    "[X]",
    "==",
    "===",
    "------",
    "://",
    ".",
    "...",
    "!",
    "?!",
    "_",
    "#",
    "{",
    "}",
    "();",
    "\\n",
    "http",
    "int ",
    "aaaa",
    "\u0130",
    "\u00df",
    "\u0259",
    "\u041f\u0440\u0438",
    " \u043c\u0438\u0440",
    "\u03ba\u03b1\u03b9",
    "\u2019",
    "\u201c",
    "\u2013",
    "\u20ac",
    "\u2126",
    "\u212b",
    "\ufb01",
    "\u0e44\u0e17\u0e22",
    "\u30ab\u3099",
    "\u304b",
    "McDonald's",
    "ABCs",
    "HTTPServer",
    "\u65e5A",
    "A\u02b0",
    "\u01c5x",
    "E\u0301T",
    "/\n/"
  };

  private static final int[][] BLOCKS = {
    {0x00, 0x7f},
    {0x80, 0x24f},
    {0x250, 0x36f},
    {0x370, 0x5ff},
    {0x600, 0x8ff},
    {0x900, 0xdff},
    {0xe00, 0x10ff},
    {0x1100, 0x11ff},
    {0x1200, 0x1fff},
    {0x2000, 0x206f},
    {0x2070, 0x2bff},
    {0x2c00, 0x2fff},
    {0x3000, 0x30ff},
    {0x3100, 0x4dff},
    {0x4e00, 0x9fff},
    {0xa000, 0xabff},
    {0xac00, 0xd7ff},
    {0xd800, 0xdfff},
    {0xe000, 0xf8ff},
    {0xf900, 0xffff},
    {0x10000, 0x10fff},
    {0x11000, 0x11fff},
    {0x12000, 0x1cfff},
    {0x1d000, 0x1efff},
    {0x1f000, 0x1faff},
    {0x20000, 0x323af},
    {0xe0000, 0x10ffff}
  };

  private final Random random;
  private final List<String> special;

  /**
   * Makes a source.
   *
   * @param special what near misses are made of
   */
  HardTexts(long seed, List<String> special) {
    this.random = new Random(seed);
    this.special = special;
  }

  String next() {
    StringBuilder text = new StringBuilder();
    int parts = 1 + random.nextInt(random.nextInt(20) == 0 ? 60 : 9);
    // A lone surrogate changes all else, so it must be rare.
    boolean surrogates = random.nextInt(40) == 0;
    for (int i = 0; i < parts; i++) {
      addPart(text, surrogates);
    }
    return text.toString();
  }

  private void addPart(StringBuilder text, boolean surrogates) {
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3, 4 -> text.append(PIECES[random.nextInt(PIECES.length)]);
      case 5 -> addFromBlock(text, surrogates, 1 + random.nextInt(6));
      case 6 -> text.append(" ".repeat(1 + random.nextInt(random.nextInt(10) == 0 ? 60 : 6)));
      case 7 -> addLetters(text);
      case 8 -> {
        String piece = PIECES[random.nextInt(PIECES.length)];
        text.append(piece.repeat(1 + random.nextInt(random.nextInt(20) == 0 ? 90 : 4)));
      }
      default -> addNearMiss(text);
    }
  }

  private void addFromBlock(StringBuilder text, boolean surrogates, int count) {
    int[] block = BLOCKS[random.nextInt(BLOCKS.length)];
    for (int i = 0; i < count; i++) {
      int c = block[0] + random.nextInt(block[1] - block[0] + 1);
      boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
      if (surrogates || !surrogate) {
        text.appendCodePoint(c);
      }
    }
  }

  private void addLetters(StringBuilder text) {
    int count = 1 + random.nextInt(random.nextInt(15) == 0 ? 120 : 10);
    for (int i = 0; i < count; i++) {
      text.append((char) ((random.nextBoolean() ? 'a' : 'A') + random.nextInt(26)));
    }
  }

  private void addNearMiss(StringBuilder text) {
    if (special.isEmpty()) {
      return;
    }
    String token = special.get(random.nextInt(special.size()));
    int from = random.nextInt(4) == 0 ? random.nextInt(token.length()) : 0;
    int to =
        random.nextInt(4) == 0 ? from + random.nextInt(token.length() - from + 1) : token.length();
    text.append(token, from, to);
  }
}
