package org.millrace.io.megatron;

import java.io.IOException;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;

/** An {@code .idx} that is long enough for all that its header announces. */
record MegatronIndex(StoredFile file, MegatronHeader header) {

  /** The bytes that the index has for each sequence: length and pointer. */
  static final int SEQUENCE_BYTES = Integer.BYTES + Long.BYTES;

  /** Reads the header. */
  static MegatronIndex open(StoredFile file) throws IOException {
    return open(file, MegatronHeader.read(file));
  }

  /** Reads the header of numbers that need not be token ids. */
  static MegatronIndex openAny(StoredFile file) throws IOException {
    return open(file, MegatronHeader.readAny(file));
  }

  private static MegatronIndex open(StoredFile file, MegatronHeader header) throws IOException {
    MegatronIndex index = new MegatronIndex(file, header);
    long left = file.bytes() - MegatronHeader.BYTES;
    checkCount(
        file,
        MegatronHeader.SEQUENCES_AT,
        "number of sequences",
        left / SEQUENCE_BYTES,
        header.sequences());
    left -= header.sequences() * SEQUENCE_BYTES;
    checkCount(
        file,
        MegatronHeader.ENTRIES_AT,
        "number of entries of the document index",
        left / Long.BYTES,
        header.entries());
    return index;
  }

  /** Makes sure that a file has bytes for as many things as it says. */
  static void checkCount(StoredFile file, long offset, String what, long max, long count)
      throws IOException {
    if (count < 0 || count > max) {
      String expected = "0.." + Math.max(0, max) + " in a file of " + file.bytes() + " bytes";
      String got = Long.toUnsignedString(count);
      throw new IOException(Finding.at(file.path(), offset, what, expected, got).toString());
    }
  }

  long sequences() {
    return header.sequences();
  }

  long entries() {
    return header.entries();
  }

  /** The size of an element. */
  int width() {
    return header.dtype().bytes();
  }

  /** Where the index's own arrays end. */
  long end() {
    return documentsAt(entries());
  }

  /** Whether a byte for each sequence follows, as in multimodal files. */
  boolean hasModes() {
    return sequences() > 0 && file.bytes() - end() == sequences();
  }

  IndexNumbers lengths() throws IOException {
    return numbers(MegatronHeader.BYTES);
  }

  IndexNumbers pointers() throws IOException {
    return numbers(MegatronHeader.BYTES + sequences() * Integer.BYTES);
  }

  /** The document index from one of its entries on. */
  IndexNumbers documents(long entry) throws IOException {
    return numbers(documentsAt(entry));
  }

  /** The modes from that of one sequence on. */
  IndexNumbers modes(long sequence) throws IOException {
    return numbers(end() + sequence);
  }

  private long documentsAt(long entry) {
    return MegatronHeader.BYTES + sequences() * SEQUENCE_BYTES + entry * Long.BYTES;
  }

  private IndexNumbers numbers(long offset) throws IOException {
    return new IndexNumbers(file.stream(offset), file.path(), offset);
  }

  /** An error in the index. */
  IOException damaged(long offset, String what, Object expected, Object got) {
    return new IOException(Finding.at(file.path(), offset, what, expected, got).toString());
  }
}
