package org.millrace.transforms.tokenize;

import java.util.List;

/**
 * Short texts on which two encoders differ if they differ at all: every script and block of
 * Unicode, runs of white space, combining marks out of order, sequences of emoji, digits, controls,
 * halves of surrogate pairs, and what is almost an added token. Equal seeds give equal texts.
 */
final class TrickyTexts {

  /** Begins and ends, of which a text joins a few; most end in the midst of something. */
  private static final int MAX_FRAGMENTS = 7;

  private static final String[] WORDS = {
    "the",
    " and",
    " don't",
    "I'll",
    "we'VE",
    "'s",
    "\u2019s",
    "'ST",
    " it's'd",
    "re're",
    "Hello",
    " world",
    "\u00c9t\u00e9",
    "na\u00efve",
    "stra\u00dfe",
    "\u0130stanbul",
    "\u01c5",
    "x_y",
    "camelCase",
    "HTTPServer2",
    "e.g.",
    "http://a.b/c?d=e&f",
    "1e-9",
    "0x1F",
    "3.14",
    "1,000",
    "-->",
    "!=",
    "/*",
    "*/",
    "//====",
    "-----",
    "....",
    "}\n",
    "    if (x == 0) {\n",
    "\t\treturn;\n",
    "\r\n\r\n",
    "</s",
    "<0x0A>",
    "<0xFF>",
    "\u2581",
    "\u2581\u2581the",
    "<unk>",
    "\u0120",
    "\u010a",
    "a\u030a",
    "\u212b"
  };

  private static final String[] BLANKS = {
    " ", " ", " ", "\t", "\n", "\r\n", "\r", "\u00a0", "\u3000", "\u2003", "\u2028", "\u0085",
    "\u200b", "\ufeff", "\u1680", "\u180e", "\u000b", "\f", "\u001c", "\u202f"
  };

  private static final String[] EMOJI = {
    "\ud83d\ude00",
    "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
    "\ud83c\uddeb\ud83c\uddf7",
    "\ud83d\udc4d\ud83c\udffd",
    "\u2764\ufe0f",
    "1\ufe0f\u20e3",
    "\ud83c\udff4\udb40\udc67\udb40\udc62",
    "\u263a",
    "\ud83e\udd37\ud83c\udffe\u200d\u2642\ufe0f",
    "\ud83c\uddeb",
    "\u200d",
    "\ufe0e"
  };

  /** First and last code points; what Unicode got after version 13 is there as well. */
  private static final int[][] SCRIPTS = {
    {0x41, 0x5a},
    {0x61, 0x7a},
    {0xc0, 0x17f},
    {0x180, 0x24f},
    {0x370, 0x3ff},
    {0x400, 0x4ff},
    {0x531, 0x587},
    {0x5b0, 0x5ea},
    {0x600, 0x6ff},
    {0x900, 0x97f},
    {0xe00, 0xe5b},
    {0x10a0, 0x10ff},
    {0x1100, 0x11ff},
    {0x1e00, 0x1fff},
    {0x2c00, 0x2c5f},
    {0x3040, 0x30ff},
    {0x4e00, 0x4e7f},
    {0xac00, 0xacff},
    {0xf900, 0xfaff},
    {0xff00, 0xffef},
    {0x10400, 0x1044f},
    {0x1d400, 0x1d7ff},
    {0x20000, 0x2007f},
    {0x2f800, 0x2fa1d},
    {0x870, 0x89f},
    {0x1df00, 0x1df2a},
    {0x11f00, 0x11f59},
    {0x1e4d0, 0x1e4f9},
    {0x31350, 0x313ff},
    {0xa7c0, 0xa7da},
    {0x1c80, 0x1c8a},
    {0x10d40, 0x10d8f}
  };

  private static final int[][] DIGITS = {
    {0x30, 0x39},
    {0x30, 0x39},
    {0x30, 0x39},
    {0x660, 0x669},
    {0x966, 0x96f},
    {0xb2, 0xb3},
    {0xbc, 0xbe},
    {0x2070, 0x2079},
    {0x2160, 0x2188},
    {0x2460, 0x249b},
    {0x3007, 0x3007},
    {0xff10, 0xff19},
    {0x1d7ce, 0x1d7ff},
    {0x4e00, 0x4e09}
  };

  private static final int[][] MARKS = {
    {0x300, 0x36f},
    {0x300, 0x32f},
    {0x591, 0x5c7},
    {0x64b, 0x65f},
    {0x93c, 0x94d},
    {0x1ab0, 0x1ace},
    {0x20d0, 0x20f0},
    {0x3099, 0x309a},
    {0x1161, 0x11c2},
    {0xe38, 0xe4b},
    {0x1e8d0, 0x1e8d6}
  };

  private final List<String> addedTokens;

  /** Texts for a tokenizer with these added tokens. */
  TrickyTexts(List<String> addedTokens) {
    this.addedTokens = List.copyOf(addedTokens);
  }

  /** The text of a seed. */
  String text(long seed) {
    Draw random = new Draw(seed);
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(1, MAX_FRAGMENTS + 1); left > 0; left--) {
      fragment(random, text);
    }
    return text.toString();
  }

  private void fragment(Draw random, StringBuilder text) {
    switch (random.nextInt(16)) {
      case 0, 1 -> text.append(one(WORDS, random));
      case 2 -> blanks(random, text);
      case 3 -> codePoints(DIGITS, 6, random, text);
      case 4, 5 -> word(random, text);
      case 6 -> codePoints(SCRIPTS, 6, random, text);
      case 7 -> marked(random, text);
      case 8 -> text.append(one(EMOJI, random));
      case 9 -> text.append((char) (random.nextInt(0x20) + (random.nextBoolean() ? 0 : 0x80)));
      case 10 -> text.append((char) random.nextInt(0xd800, 0xe000));
      case 11, 12 -> addedToken(random, text);
      case 13 -> block(random, text);
      case 14 -> punctuation(random, text);
      default -> repeated(random, text);
    }
  }

  private static String one(String[] of, Draw random) {
    return of[random.nextInt(of.length)];
  }

  private static void blanks(Draw random, StringBuilder text) {
    String blank = one(BLANKS, random);
    text.append(blank.repeat(random.nextInt(1, random.nextInt(10) == 0 ? 60 : 5)));
    if (random.nextBoolean()) {
      text.append(one(BLANKS, random));
    }
  }

  private static void codePoints(int[][] ranges, int most, Draw random, StringBuilder text) {
    int[] range = ranges[random.nextInt(ranges.length)];
    for (int left = random.nextInt(1, most + 1); left > 0; left--) {
      text.appendCodePoint(random.nextInt(range[0], range[1] + 1));
    }
  }

  private static void word(Draw random, StringBuilder text) {
    text.append(random.nextBoolean() ? " " : "");
    boolean capital = random.nextInt(3) == 0;
    for (int left = random.nextInt(1, 9); left > 0; left--) {
      char letter = (char) ('a' + random.nextInt(26));
      text.append(capital ? Character.toUpperCase(letter) : letter);
      capital &= random.nextInt(3) == 0;
    }
  }

  /** A letter with marks in any order, also such as a normal form would join or move. */
  private static void marked(Draw random, StringBuilder text) {
    text.append("aeioucnzAEIOU\u00e9\u304b\u1100\uac00 ".charAt(random.nextInt(18)));
    for (int left = random.nextInt(1, 4); left > 0; left--) {
      codePoints(MARKS, 1, random, text);
    }
  }

  /** Of all that Unicode has place for, in one block. */
  private static void block(Draw random, StringBuilder text) {
    int start = random.nextInt(random.nextInt(4) == 0 ? 0x110000 : 0x30000) & ~0x7f;
    for (int left = random.nextInt(1, 5); left > 0; left--) {
      text.appendCodePoint(start + random.nextInt(0x80));
    }
  }

  private static void punctuation(Draw random, StringBuilder text) {
    for (int left = random.nextInt(1, 6); left > 0; left--) {
      text.append(
          "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \u00ab\u2014\u2026\u3002\u20ac"
              .charAt(random.nextInt(38)));
    }
  }

  private static void repeated(Draw random, StringBuilder text) {
    char c = " \n=-a0.\u00e9\u4e2d\u0301 ".charAt(random.nextInt(11));
    text.append(Character.toString(c).repeat(random.nextInt(1, random.nextInt(8) == 0 ? 120 : 12)));
  }

  /** An added token as it is, or with something taken from it or put to it. */
  private void addedToken(Draw random, StringBuilder text) {
    if (addedTokens.isEmpty()) {
      word(random, text);
      return;
    }
    StringBuilder token = new StringBuilder(addedTokens.get(random.nextInt(addedTokens.size())));
    int at = random.nextInt(token.length());
    switch (random.nextInt(8)) {
      case 0 -> token.deleteCharAt(at);
      case 1 -> token.insert(at, one(BLANKS, random));
      case 2 -> token.insert(at, token.charAt(at));
      case 3 -> token.setCharAt(at, swapCase(token.charAt(at)));
      case 4 -> token.insert(0, one(BLANKS, random)).append(one(BLANKS, random));
      case 5 -> token.insert(0, one(WORDS, random)).append(one(WORDS, random));
      case 6 -> token.setLength(at);
      default -> {} // as it is
    }
    text.append(token);
  }

  private static char swapCase(char c) {
    return Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c);
  }

  /** Numbers that look like chance: SplitMix64, by Steele, Lea and Flood. */
  private static final class Draw {
    private long state;

    private Draw(long seed) {
      // Neighbouring seeds as they are would give one sequence, a step apart.
      state = mixed(seed);
    }

    private static long mixed(long value) {
      long half = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
      half = (half ^ (half >>> 27)) * 0x94d049bb133111ebL;
      return half ^ (half >>> 31);
    }

    private int nextInt(int bound) {
      state += 0x9e3779b97f4a7c15L;
      return (int) ((mixed(state) >>> 33) % bound);
    }

    private int nextInt(int from, int to) {
      return from + nextInt(to - from);
    }

    private boolean nextBoolean() {
      return nextInt(2) == 0;
    }
  }
}
