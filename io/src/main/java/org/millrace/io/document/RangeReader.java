package org.millrace.io.document;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads a range of a file: finds out what the file is, by its name and its first bytes, and hands
 * it to the reader for it. Every range looks at the first bytes, so that all ranges of a file
 * agree.
 */
final class RangeReader {

  private static final byte[] PARQUET_MAGIC = {'P', 'A', 'R', '1'};

  private final ReadSettings settings;
  private final RecordReader jsonl;
  private final RecordReader text;
  private final ParquetReader parquet;

  RangeReader(ReadSettings settings) {
    this.settings = settings;
    this.jsonl = new JsonlReader(settings);
    this.text = new TextReader(settings);
    this.parquet = new ParquetReader(settings);
  }

  /** Reads the records whose first byte lies in the range from {@code start} to {@code end}. */
  void read(ByteSource source, long start, long end, RecordReceiver receiver) throws IOException {
    byte[] head = head(source);
    DocumentFormat format = format(source, head);
    Compression compression = Compression.ofContent(head);
    boolean first = start == 0;
    if (format == DocumentFormat.PARQUET) {
      parquet.read(
          new RangeContent(source, Compression.NONE, start, end, receiver::consumed), receiver);
    } else if (compression != Compression.NONE) {
      if (first) {
        readWhole(format, source, compression, receiver);
      }
    } else if (head.length > 0 && isMisnamed(source, format, head)) {
      if (first) {
        receiver.bad(0, misnamed(source), Excerpt.of(head, 0, head.length));
      }
    } else if (format == DocumentFormat.TEXT) {
      if (first) {
        readWhole(format, source, compression, receiver);
      }
    } else if (first || UnicodeText.foreignEncoding(head, 0, head.length).isEmpty()) {
      jsonl.read(
          new RangeContent(source, Compression.NONE, start, end, receiver::consumed), receiver);
    }
  }

  private void readWhole(
      DocumentFormat format, ByteSource source, Compression compression, RecordReceiver receiver)
      throws IOException {
    RecordReader reader = format == DocumentFormat.TEXT ? text : jsonl;
    reader.read(
        new RangeContent(source, compression, 0, Long.MAX_VALUE, receiver::consumed), receiver);
  }

  private DocumentFormat format(ByteSource source, byte[] head) {
    DocumentFormat named =
        settings
            .format()
            .of(source.name())
            .orElseThrow(() -> new IllegalArgumentException("no format for " + source.name()));
    boolean parquetMagic =
        Arrays.mismatch(head, PARQUET_MAGIC) == PARQUET_MAGIC.length
            || Arrays.equals(head, PARQUET_MAGIC);
    // No line of JSON begins so, but a text may.
    return named == DocumentFormat.JSONL && parquetMagic ? DocumentFormat.PARQUET : named;
  }

  /** Whether the name promises a compression that the content has not, nor is it plain JSON. */
  private static boolean isMisnamed(ByteSource source, DocumentFormat format, byte[] head) {
    if (Compression.ofName(source.name()) == Compression.NONE) {
      return false;
    }
    int at = UnicodeText.bomBytes(head, 0, head.length);
    while (at < head.length && (head[at] == ' ' || head[at] == '\n' || head[at] == '\r')) {
      at++;
    }
    return format != DocumentFormat.JSONL || at == head.length || head[at] != '{';
  }

  private static RecordException misnamed(ByteSource source) {
    String suffix = Compression.ofName(source.name()).suffix();
    return RecordException.unknownContent(
        "the file is named "
            + suffix
            + " and does not begin as such a file does; rename or replace it");
  }

  private static byte[] head(ByteSource source) throws IOException {
    try (InputStream in = ChannelInput.open(source, 0, bytes -> {})) {
      return in.readNBytes(Compression.HEAD_BYTES);
    }
  }
}
