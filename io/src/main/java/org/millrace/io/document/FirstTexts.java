package org.millrace.io.document;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts with which some of the files of an input begin. Files are taken at equal distances, so that
 * each part of a large input has its say, and no more than a part of each is read.
 */
final class FirstTexts {

  private static final int FILES = 8;
  private static final int TEXTS = 400;
  private static final int CHARS = 1 << 20;
  private static final int BAD_RECORDS = 1000;
  private static final long FILE_BYTES = 16 << 20;
  private static final int DOCUMENT_BYTES = 4 << 20;

  /** Says that enough of a file was read. */
  private static final class EnoughException extends RuntimeException {
    private EnoughException() {
      super("enough", null, false, false);
    }
  }

  private final List<String> texts = new ArrayList<>();

  private FirstTexts() {}

  /** The texts, each cut where it is long. Records that cannot be used are passed over. */
  static List<String> of(InputFiles input, ReadSettings settings) throws IOException {
    FirstTexts first = new FirstTexts();
    RangeReader reader =
        new RangeReader(
            new ReadSettings(
                settings.fields(),
                settings.format(),
                settings.invalidText(),
                Math.min(settings.maxDocumentBytes(), DOCUMENT_BYTES)));
    List<InputFile> files = input.files();
    int taken = Math.min(FILES, files.size());
    for (int i = 0; i < taken; i++) {
      InputFile file = files.get((int) ((long) i * files.size() / taken));
      try {
        reader.read(
            new ResourceSource(file),
            0,
            file.bytes(),
            first.new Part(TEXTS / taken, CHARS / taken));
      } catch (EnoughException e) {
        // On to the next.
      }
    }
    return first.texts;
  }

  /** The part of one file. */
  private final class Part implements RecordReceiver {
    private int textsLeft;
    private int charsLeft;
    private int badLeft = BAD_RECORDS;
    private long bytesLeft = FILE_BYTES;

    private Part(int texts, int chars) {
      textsLeft = texts;
      charsLeft = chars;
    }

    @Override
    public void document(RawDocument document) {
      String text = document.text();
      int end = Math.min(text.length(), charsLeft);
      // Half of a surrogate pair is no text.
      if (end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      texts.add(text.substring(0, end));
      charsLeft -= end;
      if (--textsLeft <= 0 || charsLeft <= 1) {
        throw new EnoughException();
      }
    }

    @Override
    public void bad(long offset, RecordException reason, String excerpt) {
      if (--badLeft <= 0) {
        throw new EnoughException();
      }
    }

    @Override
    public void consumed(long bytes) {
      bytesLeft -= bytes;
      if (bytesLeft <= 0) {
        throw new EnoughException();
      }
    }
  }
}
