package org.millrace.transforms.tokenize.bpe;

/**
 * Where a piece can be cut without a change of its ids.
 *
 * <p>A merge across a border takes a token that ends with the character before the border and one
 * that begins with the character behind it. That holds for the tokens of characters, and merging
 * keeps it, because a merged token begins as its left part and ends as its right part. So where no
 * merge in the table has such a left and such a right part, no merge ever crosses the border, and
 * the merges on each side do not depend on the other: a pair merges when its rank is the lowest of
 * all, and the order among pairs of one side is the same without the other side.
 *
 * <p>It takes that each character has a token that begins and ends with it. So there are no cuts
 * where a vocabulary lets characters fall away. Beside the tokens of single bytes and the unknown
 * token, which do not show what they stand for, one may cut only where no merge has such a part,
 * and never inside a run of unknown characters, which may be one token.
 */
interface Cuts {

  /** No cuts at all. */
  Cuts NONE = (text, from, to) -> to;

  /** The first cut behind {@code from} that is worth it, or {@code to} where there is none. */
  int next(byte[] text, int from, int to);
}
