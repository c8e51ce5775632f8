package org.millrace.io.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.ledger.Progress;

/**
 * Reads the documents of whole files here and now, one file after another: the same documents, with
 * the same ids, and the same bad records as {@link DocumentIO}.
 */
public final class FileDocuments {

  /** Takes what is found, in the file's order. */
  public interface Output {

    void document(Document document) throws IOException;

    void bad(BadRecord record) throws IOException;
  }

  private final RangeReader reader;

  private FileDocuments(ReadSettings settings) {
    this.reader = new RangeReader(settings);
  }

  /** Reads as the other is set up to read. */
  public static FileDocuments of(DocumentIO.Read read) {
    return new FileDocuments(read.settings());
  }

  /**
   * Reads a file to its end.
   *
   * @param source what the ledger counts its documents under
   * @return how many documents it gave
   * @throws IOException where the file system fails, or the output does
   */
  public InputCount read(InputFile file, String source, Output output) throws IOException {
    Receiver receiver = new Receiver(file, source, output);
    try {
      reader.read(new ResourceSource(file), 0, file.bytes(), receiver);
    } catch (UncheckedIOException e) {
      throw receiver.failure.filter(failure -> failure == e.getCause()).orElseThrow(() -> e);
    }
    receiver.consumed(Long.MAX_VALUE);
    return new InputCount(file.relativePath(), file.bytes(), receiver.documents);
  }

  private static final class Receiver implements RecordReceiver {
    private final InputFile file;
    private final String source;
    private final Output output;
    private Optional<IOException> failure = Optional.empty();
    private long documents;
    private long consumed;

    Receiver(InputFile file, String source, Output output) {
      this.file = file;
      this.source = source;
      this.output = output;
    }

    private String idOf(long offset) {
      return file.relativePath() + ":" + offset;
    }

    private OrderKey positionOf(long offset) {
      return OrderKey.natural(file.rank(), file.count(), offset);
    }

    @Override
    public void document(RawDocument raw) {
      Progress.DOCUMENTS.add(1);
      documents++;
      String id = raw.id().isEmpty() ? idOf(raw.offset()) : raw.id();
      put(
          () ->
              output.document(
                  new Document(positionOf(raw.offset()), id, source, raw.text(), raw.meta())));
    }

    @Override
    public void bad(long offset, RecordException reason, String excerpt) {
      Progress.BAD_RECORDS.add(1);
      put(
          () ->
              output.bad(
                  new BadRecord(
                      positionOf(offset),
                      idOf(offset),
                      source,
                      DocumentIO.STEP,
                      reason.kind(),
                      reason.getMessage(),
                      excerpt)));
    }

    private interface Put {
      void run() throws IOException;
    }

    /** Readers know of no output that fails; its error goes through them to the caller. */
    private void put(Put put) {
      try {
        put.run();
      } catch (IOException e) {
        failure = Optional.of(e);
        throw new UncheckedIOException(e);
      }
    }

    /** Counts a file's bytes once, however it is read. */
    @Override
    public void consumed(long bytes) {
      long counted = Math.min(bytes, file.bytes() - consumed);
      consumed += counted;
      Progress.INPUT_BYTES.add(counted);
    }
  }
}
