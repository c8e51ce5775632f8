package org.millrace.io.npy;

import java.io.IOException;
import org.millrace.io.stored.StoredFile;
import org.millrace.transforms.window.Windows;

/**
 * How many documents and tokens there are, and how many whole chunks of one length can be cut of
 * the documents, none over the end of one: {@code floor(length / chunk)} of each.
 *
 * @see <a href="https://github.com/princeton-nlp/CEPE">CEPE, data/sanity_check.py</a>
 */
public record DocumentChunks(long documents, long tokens, long chunks) {

  /** Of nothing. */
  public static final DocumentChunks NONE = new DocumentChunks(0, 0, 0);

  /** The length that CEPE counts by (sanity_check.py). */
  public static final int STANDARD_LENGTH = 4096;

  /**
   * Of a file; only its lengths are read.
   *
   * @param length of a chunk
   * @throws IOException where the file is damaged, or does not hold documents
   */
  public static DocumentChunks of(StoredFile file, int length) throws IOException {
    Windows windows = Windows.of(0, length);
    try (NpyDocuments documents = NpyDocuments.open(file);
        NpyDocuments.Lengths lengths = documents.lengths(0, 0)) {
      long chunks = 0;
      for (long i = 0; i < documents.documents(); i++) {
        chunks += windows.count(lengths.next());
      }
      return new DocumentChunks(documents.documents(), documents.tokens(), chunks);
    }
  }

  /** With more. */
  public DocumentChunks plus(DocumentChunks more) {
    return new DocumentChunks(
        documents + more.documents, tokens + more.tokens, chunks + more.chunks);
  }
}
