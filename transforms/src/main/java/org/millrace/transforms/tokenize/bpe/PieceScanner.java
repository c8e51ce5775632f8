package org.millrace.transforms.tokenize.bpe;

/** Cuts a text into pieces, from left to right. */
interface PieceScanner {

  /**
   * Where the piece ends that begins at {@code from}, before {@code to}; text outside these two
   * does not count.
   */
  int end(byte[] text, int from, int to);
}
