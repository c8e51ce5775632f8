package org.millrace.transforms.tokenize.bpe;

/** Cuts behind each blank. */
final class BlankEndScanner implements PieceScanner {

  @Override
  public int end(byte[] text, int from, int to) {
    int blank = Utf8.indexOf((byte) ' ', text, from, to);
    return blank < to ? blank + 1 : to;
  }
}
