package org.millrace.transforms.tokenize.bpe;

/** Turns a piece of text into the tokens of its characters, which are then merged. */
interface Symbols {

  /**
   * Appends the tokens of {@code text} from {@code from} up to {@code to}: at most one for each
   * byte.
   */
  void append(byte[] text, int from, int to, IdBuffer out);
}
