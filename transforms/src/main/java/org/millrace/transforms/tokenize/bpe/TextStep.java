package org.millrace.transforms.tokenize.bpe;

/** A change of the text before it is cut into pieces. */
interface TextStep {

  /**
   * Appends the changed text to {@code target}, or says that nothing is changed.
   *
   * @param first whether the text is the begin of the whole
   * @return whether {@code target} is to be used
   */
  boolean apply(byte[] text, int from, int to, boolean first, ByteText target)
      throws UnsupportedTextException;
}
