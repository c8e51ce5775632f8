package org.millrace.io.npy;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import org.millrace.io.column.NdArray;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;
import org.millrace.transforms.data.TokenIds;

/**
 * A file of documents, {@code [n][lengths][tokens]}, to be read at any place. Only what is asked
 * for is held in memory.
 *
 * <pre>{@code
 * try (NpyDocuments file = NpyDocuments.open(stored);
 *     NpyDocuments.Lengths lengths = file.lengths(0, 0)) {
 *   TokenIds first = file.tokens(0, lengths.next());
 * }
 * }</pre>
 */
public final class NpyDocuments implements Closeable {

  private static final int BUFFER_BYTES = 1 << 16;

  private final NpyDocumentReader reader;
  private SeekableByteChannel channel;

  private NpyDocuments(NpyDocumentReader reader) {
    this.reader = reader;
  }

  /**
   * Opens a file and reads its head.
   *
   * @throws IOException where it is damaged, or holds something else: with what was expected and
   *     what was found
   */
  public static NpyDocuments open(StoredFile file) throws IOException {
    if (new NpyFormat().open(List.of(file)) instanceof NpyDocumentReader reader) {
      return new NpyDocuments(reader);
    }
    throw new IOException(
        Finding.of(
                file.path(),
                "array",
                "documents, " + NpyIO.DOCUMENT_LAYOUT,
                "sequences of one length")
            .toString());
  }

  /** The number of documents. */
  public long documents() {
    return reader.samples();
  }

  /** The number of tokens in all documents. */
  public long tokens() {
    return reader.elements();
  }

  /**
   * The lengths of documents from one on.
   *
   * @param document the first of them
   * @param token the number of tokens in all documents before it
   */
  public Lengths lengths(long document, long token) throws IOException {
    return new Lengths(
        new BufferedInputStream(reader.array().stream(1 + document), BUFFER_BYTES),
        document,
        token);
  }

  /** Gives lengths one after another. */
  public final class Lengths implements Closeable {
    private final InputStream in;
    private long document;
    private long token;

    private Lengths(InputStream in, long document, long token) {
      this.in = in;
      this.document = document;
      this.token = token;
    }

    /**
     * The next length.
     *
     * @throws IOException where there is none, or it does not fit into the file
     */
    public int next() throws IOException {
      if (document >= documents()) {
        throw new EOFException(reader.array().file().path() + ": has no more documents");
      }
      int length = reader.length(in, document++, tokens() - token);
      token += length;
      return length;
    }

    /** The number of tokens before the next document. */
    public long token() {
      return token;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /**
   * Tokens that follow each other, over the ends of documents.
   *
   * @param from the number of the first one, over all documents
   * @param count how many
   * @throws IOException where they are not there, or one is no token id
   */
  public TokenIds tokens(long from, int count) throws IOException {
    NpyArray array = reader.array();
    int width = array.dtype().bytes();
    if (from < 0 || count < 0 || from + count > tokens()) {
      throw new IOException(
          Finding.of(
                  array.file().path(),
                  "tokens " + from + " to " + (from + count),
                  "within 0.." + tokens(),
                  "more than there are")
              .toString());
    }
    if (channel == null) {
      channel = array.file().channel();
    }
    channel.position(array.start() + (1 + documents() + from) * width);
    ByteBuffer bytes = ByteBuffer.allocate(count * width);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException(array.file().path() + ": ends before its last token");
      }
    }
    return new NdArray(array.dtype(), List.of(count), bytes.flip())
        .ids(array.file().path() + ": token " + from + " and on");
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
