package org.millrace.io.document;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a JSON object a line. A record's place is the byte at which its line begins; in the first
 * line, the byte after a byte order mark.
 */
final class JsonlReader implements RecordReader {

  private final JsonRecordParser parser;
  private final int maxDocumentBytes;

  JsonlReader(ReadSettings settings) {
    this.parser = new JsonRecordParser(settings);
    this.maxDocumentBytes = settings.maxDocumentBytes();
  }

  @Override
  public void read(RangeContent content, RecordReceiver receiver) throws IOException {
    // A line begins where the byte before it ends one.
    long from = Math.max(0, content.start() - 1);
    try (InputStream in = content.open(from)) {
      LineReader lines = new LineReader(in, from, maxDocumentBytes);
      if (content.start() > 0 && !lines.skipLine(content.end())) {
        return;
      }
      boolean usable = true;
      while (usable && lines.nextOffset() < content.end() && lines.next()) {
        usable = line(lines, receiver);
      }
    } catch (DamageException e) {
      receiver.bad(e.offset(), RecordException.damagedFile(e.getMessage()), "");
    }
  }

  /** Returns false where the rest of the file cannot be used. */
  private boolean line(LineReader lines, RecordReceiver receiver) {
    byte[] bytes = lines.bytes();
    int from = lines.from();
    int length = lines.length();
    if (lines.offset() == 0) {
      String encoding = UnicodeText.foreignEncoding(bytes, from, length);
      if (!encoding.isEmpty()) {
        receiver.bad(0, RecordException.wrongEncoding(encoding), Excerpt.of(bytes, from, length));
        return false;
      }
    }
    int bom = lines.offset() == 0 ? UnicodeText.bomBytes(bytes, from, length) : 0;
    if (!isBlank(bytes, from + bom, length - bom)) {
      record(lines, bom, receiver);
    }
    return true;
  }

  private void record(LineReader lines, int bom, RecordReceiver receiver) {
    long offset = lines.offset() + bom;
    int from = lines.from() + bom;
    int length = lines.length() - bom;
    RawDocument document;
    try {
      if (lines.tooLong()) {
        throw RecordException.tooLarge(lines.size(), maxDocumentBytes);
      }
      document = parser.parse(lines.bytes(), from, length, offset);
    } catch (RecordException e) {
      receiver.bad(offset, e, Excerpt.of(lines.bytes(), from, length));
      return;
    }
    receiver.document(document);
  }

  private static boolean isBlank(byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
        return false;
      }
    }
    return true;
  }
}
