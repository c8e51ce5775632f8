package org.millrace.runners.benchmark;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads the texts of a part of a jsonl file: the lines that begin in a range of its bytes. */
final class JsonlTexts {

  private static final JsonFactory JSON = new JsonFactory();

  /** Receives texts in the order of the file. */
  interface Output {
    void accept(long offset, String text) throws IOException;
  }

  private final InputStream in;
  private byte[] buffer = new byte[1 << 20];
  private int start;
  private int end;
  private long position; // in the file, of buffer[start]

  private JsonlTexts(InputStream in, long position) {
    this.in = in;
    this.position = position;
  }

  /**
   * Gives out the text of each line that begins at {@code from} or later, but before {@code to}.
   */
  static void read(Path file, long from, long to, Output output) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      // One byte back: a line begins at `from` only when the byte before it ends one.
      long first = Math.max(0, from - 1);
      in.skipNBytes(first);
      JsonlTexts lines = new JsonlTexts(in, first);
      if (from > 0) {
        lines.skip(lines.findLine());
      }
      while (lines.position < to) {
        long offset = lines.position;
        int length = lines.findLine();
        if (length == 0) {
          return;
        }
        String text = text(lines.buffer, lines.start, length);
        lines.skip(length);
        if (text != null && !text.isBlank()) {
          output.accept(offset, text);
        }
      }
    }
  }

  private void skip(int length) {
    start += length;
    position += length;
  }

  /** The length of the line at {@code start}, with its end; 0 at the end of the file. */
  private int findLine() throws IOException {
    int scanned = 0;
    while (true) {
      for (int i = start + scanned; i < end; i++) {
        if (buffer[i] == '\n') {
          return i - start + 1;
        }
      }
      scanned = end - start;
      if (!fill()) {
        return scanned;
      }
    }
  }

  private boolean fill() throws IOException {
    System.arraycopy(buffer, start, buffer, 0, end - start);
    end -= start;
    start = 0;
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int count = in.read(buffer, end, buffer.length - end);
    end += Math.max(0, count);
    return count > 0;
  }

  private static String text(byte[] line, int from, int length) throws IOException {
    try (JsonParser json = JSON.createParser(line, from, length)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
          JsonToken value = json.nextToken();
          if (field.equals("text") && value == JsonToken.VALUE_STRING) {
            return json.getText();
          }
          json.skipChildren();
        }
      }
      return null;
    }
  }
}
