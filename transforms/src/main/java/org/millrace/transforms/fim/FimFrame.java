package org.millrace.transforms.fim;

/**
 * The tokens around a text, which stay where they are.
 *
 * @param bos the begin-of-text, or {@link #NONE}
 * @param eos the end-of-text, or {@link #NONE}
 */
record FimFrame(int bos, int eos) {

  /** No token. */
  static final int NONE = -1;
}
