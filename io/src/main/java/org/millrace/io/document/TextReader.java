package org.millrace.io.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads a file as one document. An empty file has none; a damaged one is a bad record. */
final class TextReader implements RecordReader {

  private static final int BUFFER_BYTES = 1 << 16;

  private final UnicodeText unicode;
  private final int maxDocumentBytes;

  TextReader(ReadSettings settings) {
    this.unicode = new UnicodeText(settings.invalidText());
    this.maxDocumentBytes = settings.maxDocumentBytes();
  }

  @Override
  public void read(RangeContent content, RecordReceiver receiver) throws IOException {
    byte[] bytes;
    try {
      bytes = all(content);
    } catch (DamageException e) {
      receiver.bad(e.offset(), RecordException.damagedFile(e.getMessage()), "");
      return;
    }
    if (bytes.length == 0) {
      return;
    }
    RawDocument document;
    try {
      document = document(bytes, content);
    } catch (RecordException e) {
      receiver.bad(0, e, Excerpt.of(bytes, 0, bytes.length));
      return;
    }
    receiver.document(document);
  }

  private RawDocument document(byte[] bytes, RangeContent content) throws RecordException {
    if (bytes.length > maxDocumentBytes) {
      throw RecordException.tooLarge(
          Math.max(bytes.length, content.source().bytes()), maxDocumentBytes);
    }
    String encoding = UnicodeText.foreignEncoding(bytes, 0, bytes.length);
    if (!encoding.isEmpty()) {
      throw RecordException.wrongEncoding(encoding);
    }
    int bom = UnicodeText.bomBytes(bytes, 0, bytes.length);
    String text = unicode.decode(bytes, bom, bytes.length - bom, "the file");
    return new RawDocument(0, "", text, "{}");
  }

  /** All bytes, or where there are too many, one more than are allowed. */
  private byte[] all(RangeContent content) throws IOException {
    try (InputStream in = content.open(0)) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      long left = maxDocumentBytes + 1L;
      int count = 0;
      while (left > 0 && count >= 0) {
        count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (count > 0) {
          all.write(buffer, 0, count);
          left -= count;
        }
      }
      return all.toByteArray();
    }
  }
}
