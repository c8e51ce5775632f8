package org.millrace.io.megatron;

import java.io.Closeable;
import java.io.IOException;

/** How many documents end with each sequence, told by the document index, sequence by sequence. */
final class DocumentEnds implements Closeable {

  private static final String REPAIR = "; repair makes the index anew";

  private final MegatronIndex index;
  private final IndexNumbers entries;
  private long read;
  private long next;
  private long sequence;

  /** Begins with a sequence. */
  DocumentEnds(MegatronIndex index, long from) throws IOException {
    checkLast(index);
    this.index = index;
    this.entries = index.documents(0);
    this.sequence = from;
    advance();
    if (next != 0) {
      throw damaged("0", next);
    }
    advance();
    while (from > 0 && next <= from && read <= index.entries()) {
      advance();
    }
  }

  /** It must close the last document; otherwise it is not the index of these sequences. */
  private static void checkLast(MegatronIndex index) throws IOException {
    if (index.entries() == 0) {
      String what = "number of entries of the document index";
      throw index.damaged(MegatronHeader.ENTRIES_AT, what, "1 or more", "0" + REPAIR);
    }
    try (IndexNumbers last = index.documents(index.entries() - 1)) {
      long offset = last.offset();
      long entry = last.nextLong();
      if (entry != index.sequences()) {
        String what = "last entry of the document index";
        throw index.damaged(offset, what, index.sequences(), entry + REPAIR);
      }
    }
  }

  /** The documents that end before the first sequence; asked for before anything else. */
  long before() throws IOException {
    return count(0);
  }

  /** The documents that end with the next sequence. */
  long ended() throws IOException {
    return count(++sequence);
  }

  private long count(long place) throws IOException {
    long count = 0;
    while (read <= index.entries() && next == place) {
      count++;
      advance();
    }
    if (count > Integer.MAX_VALUE) {
      throw damaged("at most " + Integer.MAX_VALUE + " entries of one value", count);
    }
    return count;
  }

  /** Goes to the next entry, or behind the last one. */
  private void advance() throws IOException {
    long previous = next;
    if (read++ < index.entries()) {
      next = entries.nextLong();
      if (next < previous || next > index.sequences()) {
        throw damaged(previous + ".." + index.sequences(), next);
      }
    }
  }

  private IOException damaged(String expected, long got) {
    long offset = entries.offset() - Long.BYTES;
    return index.damaged(offset, "entry of the document index", expected, got + REPAIR);
  }

  @Override
  public void close() throws IOException {
    entries.close();
  }
}
