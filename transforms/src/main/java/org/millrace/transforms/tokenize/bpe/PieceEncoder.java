package org.millrace.transforms.tokenize.bpe;

import java.util.Arrays;

/**
 * Turns pieces into ids, with memory of the words it has met. One for each text that is encoded at
 * a time.
 */
final class PieceEncoder {

  /** Up to as many tokens looking at all pairs again and again is faster than a queue. */
  private static final int SHORT = 48;

  private static final int ASCII = 0x80;
  private static final int NONE = -1;

  private final BpeModel model;
  private final LongMerger longMerger;
  private final int[] ranks = new int[SHORT];
  private final ShortWords shortWords = new ShortWords(16);
  private final LongWords longWords = new LongWords(6, 10, 12);
  private final IdBuffer tokens = new IdBuffer();
  // Of ASCII characters, which are a half of all words in code; NONE where it is not one id.
  private final int[] singles = new int[ASCII];

  PieceEncoder(BpeModel model) {
    this.model = model;
    this.longMerger = new LongMerger(model.merges());
    Arrays.fill(singles, NONE);
    IdBuffer out = new IdBuffer();
    byte[] text = new byte[1 + ByteText.SLACK];
    for (int c = 0; c < ASCII; c++) {
      text[0] = (byte) c;
      out.clear();
      encodeWord(text, 0, 1, out);
      singles[c] = out.count() == 1 ? out.get(0) : NONE;
    }
  }

  /** Appends the ids of a piece, which is not empty, to {@code out}. */
  void encode(byte[] text, int from, int to, IdBuffer out) {
    if (!model.whole().isEmpty()) {
      encodeUncut(text, from, to, out);
      return;
    }
    for (int at = from; at < to; ) {
      int end = model.cuts().next(text, at, to);
      if (end - at <= longWords.maxBytes()) {
        encodeWord(text, at, end, out);
      } else {
        merge(text, at, end, out);
      }
      at = end;
    }
  }

  /** A piece that may be a token as a whole is not the same as its parts. */
  private void encodeUncut(byte[] text, int from, int to, IdBuffer out) {
    if (to - from <= longWords.maxBytes()) {
      encodeWord(text, from, to, out);
      return;
    }
    Integer id = model.whole().get(key(text, from, to));
    if (id != null) {
      out.add(id);
    } else {
      merge(text, from, to, out);
    }
  }

  private void encodeWord(byte[] text, int from, int to, IdBuffer out) {
    int length = to - from;
    if (length == 1 && text[from] >= 0 && singles[text[from]] != NONE) {
      out.add(singles[text[from]]);
      return;
    }
    boolean isShort = length <= ShortWords.MAX_BYTES;
    if (isShort
        ? shortWords.find(text, from, length, out)
        : longWords.find(text, from, length, out)) {
      return;
    }
    int start = out.count();
    Integer whole = model.whole().isEmpty() ? null : model.whole().get(key(text, from, to));
    if (whole != null) {
      out.add(whole);
    } else {
      merge(text, from, to, out);
    }
    if (isShort) {
      shortWords.put(out.array(), start, out.count() - start);
    } else {
      longWords.put(out.array(), start, out.count() - start);
    }
  }

  private static BpeModel.ByteKey key(byte[] text, int from, int to) {
    return new BpeModel.ByteKey(Arrays.copyOfRange(text, from, to));
  }

  private void merge(byte[] text, int from, int to, IdBuffer out) {
    tokens.clear();
    model.symbols().append(text, from, to, tokens);
    int count = tokens.count();
    int left =
        count <= SHORT
            ? ShortMerger.merge(model.merges(), tokens.array(), 0, count, ranks)
            : longMerger.merge(tokens.array(), count);
    out.add(tokens.array(), 0, left);
  }
}
