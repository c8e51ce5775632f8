package org.millrace.transforms.tokenize.bpe;

import java.util.Map;

/**
 * A vocabulary of byte pair encoding, its merges, and what may be done about a long piece.
 *
 * @param symbols of single characters or bytes
 * @param merges of two tokens to one
 * @param whole tokens that stand for a whole piece, whatever the merges make of it; empty where the
 *     model does not ignore merges
 * @param cuts where a piece can be cut without a change
 */
record BpeModel(Symbols symbols, MergeTable merges, Map<ByteKey, Integer> whole, Cuts cuts) {

  /**
   * The bytes of a piece, as the key of a map.
   *
   * @param bytes which nobody changes
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared by content below.
  record ByteKey(byte[] bytes) {
    @Override
    public boolean equals(Object other) {
      return other instanceof ByteKey that && java.util.Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return java.util.Arrays.hashCode(bytes);
    }
  }
}
