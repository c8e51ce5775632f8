package org.millrace.io.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a file gives when it is read without a pipeline. */
final class ReadRecords implements RecordReceiver {

  record Bad(long offset, String kind, String message, String excerpt) {}

  static final ReadSettings DEFAULTS =
      new ReadSettings(
          DocumentFields.defaults(), DocumentFormat.AUTO, InvalidText.REJECT, 32 << 20);

  final List<RawDocument> documents = new ArrayList<>();
  final List<Bad> bad = new ArrayList<>();
  long consumed;

  /** Reads all ranges of a file, the last one first. */
  static ReadRecords of(ByteSource source, ReadSettings settings, long splitBytes) {
    ReadRecords records = new ReadRecords();
    InputFile file = new InputFile(source.name(), source.name(), source.bytes(), 0, 1);
    List<FileRange> ranges = new ArrayList<>();
    FileRange.cut(file, settings.format(), splitBytes, ranges::add);
    RangeReader reader = new RangeReader(settings);
    try {
      for (int i = ranges.size() - 1; i >= 0; i--) {
        reader.read(source, ranges.get(i).start(), ranges.get(i).end(), records);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    records.documents.sort(Comparator.comparingLong(RawDocument::offset));
    records.bad.sort(Comparator.comparingLong(Bad::offset));
    return records;
  }

  static ReadRecords of(Path file, ReadSettings settings, long splitBytes) {
    return of(source(file), settings, splitBytes);
  }

  static ReadRecords of(Path file) {
    return of(file, DEFAULTS, 32 << 20);
  }

  static ReadRecords of(String name, byte[] content) {
    return of(source(name, content), DEFAULTS, 32 << 20);
  }

  static ByteSource source(Path file) {
    return new ByteSource() {
      @Override
      public ReadableByteChannel open() throws IOException {
        return Files.newByteChannel(file);
      }

      @Override
      public long bytes() {
        return file.toFile().length();
      }

      @Override
      public String name() {
        return file.getFileName().toString();
      }
    };
  }

  /** Bytes behind a channel that cannot seek. */
  static ByteSource source(String name, byte[] content) {
    return new ByteSource() {
      @Override
      public ReadableByteChannel open() {
        return Channels.newChannel(new java.io.ByteArrayInputStream(content));
      }

      @Override
      public long bytes() {
        return content.length;
      }

      @Override
      public String name() {
        return name;
      }
    };
  }

  /** The places of the documents. */
  List<Long> offsets() {
    return documents.stream().map(RawDocument::offset).toList();
  }

  List<String> texts() {
    return documents.stream().map(RawDocument::text).toList();
  }

  /** The places and kinds of the bad records, as {@code 310 InvalidJson}. */
  List<String> badKinds() {
    return bad.stream().map(b -> b.offset() + " " + b.kind()).toList();
  }

  @Override
  public void document(RawDocument document) {
    documents.add(document);
  }

  @Override
  public void bad(long offset, RecordException reason, String excerpt) {
    bad.add(new Bad(offset, reason.kind(), reason.getMessage(), excerpt));
  }

  @Override
  public void consumed(long bytes) {
    consumed += bytes;
  }
}
