package org.millrace.io.megatron;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.millrace.io.stored.StoredFile;

/**
 * What was not right with an {@code .idx} that has been written anew.
 *
 * @param sequences how many it has
 * @param pointers how many of its pointers were wrong or missing
 * @param documents how many documents were made, because its document index did not have them
 * @param bytes how many bytes have been left out: behind the arrays, or of a document index that is
 *     cut off
 */
public record IndexRepair(
    long sequences, long pointers, long documents, long bytes, boolean changed) {

  static IndexRepair write(StoredFile idx, long binBytes, OutputStream target) throws IOException {
    MegatronHeader header = MegatronHeader.read(idx);
    long max = (idx.bytes() - MegatronHeader.BYTES) / Integer.BYTES;
    MegatronIndex.checkCount(
        idx, MegatronHeader.SEQUENCES_AT, "number of sequences", max, header.sequences());
    checkLengths(new MegatronIndex(idx, header), binBytes);
    Documents documents = Documents.find(idx, header);
    MegatronIndex index = documents.index;
    MegatronHeader repaired =
        new MegatronHeader(header.dtype(), index.sequences(), documents.entries());
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(target, 1 << 16));
    out.write(repaired.encode());
    copyLengths(index, out);
    long pointers = writePointers(index, out);
    documents.write(out);
    boolean modes = documents.inFile && index.hasModes();
    if (modes) {
      copyModes(index, out);
    }
    out.flush();
    long used = documents.inFile ? index.end() : pointersEnd(index);
    long left = Math.max(0, idx.bytes() - used - (modes ? index.sequences() : 0));
    boolean changed =
        pointers > 0 || documents.made() > 0 || left > 0 || repaired.entries() != header.entries();
    return new IndexRepair(index.sequences(), pointers, documents.made(), left, changed);
  }

  private static long pointersEnd(MegatronIndex index) {
    return MegatronHeader.BYTES + index.sequences() * MegatronIndex.SEQUENCE_BYTES;
  }

  private static void checkLengths(MegatronIndex index, long binBytes) throws IOException {
    long left = binBytes;
    try (IndexNumbers lengths = index.lengths()) {
      for (long i = 0; i < index.sequences(); i++) {
        long length = lengths.nextInt();
        long max = left / index.width();
        if (length < 0 || length > max) {
          long at = lengths.offset() - Integer.BYTES;
          throw index.damaged(at, "length of sequence " + i, "0.." + max, length);
        }
        left -= length * index.width();
      }
    }
    if (left != 0) {
      throw index.damaged(
          MegatronHeader.BYTES, "bytes by the sum of lengths", binBytes, binBytes - left);
    }
  }

  private static void copyLengths(MegatronIndex index, DataOutputStream out) throws IOException {
    try (IndexNumbers lengths = index.lengths()) {
      for (long i = 0; i < index.sequences(); i++) {
        out.writeInt(Integer.reverseBytes(lengths.nextInt()));
      }
    }
  }

  /** Writes the pointers that are right; gives the number of those that were not. */
  private static long writePointers(MegatronIndex index, DataOutputStream out) throws IOException {
    long wrong = 0;
    long expected = 0;
    long end = index.file().bytes();
    try (IndexNumbers lengths = index.lengths();
        IndexNumbers pointers = index.pointers()) {
      for (long i = 0; i < index.sequences(); i++) {
        boolean stored = pointers.offset() + Long.BYTES <= end;
        wrong += stored && pointers.nextLong() == expected ? 0 : 1;
        out.writeLong(Long.reverseBytes(expected));
        expected += (long) lengths.nextInt() * index.width();
      }
    }
    return wrong;
  }

  private static void copyModes(MegatronIndex index, DataOutputStream out) throws IOException {
    try (IndexNumbers modes = index.modes(0)) {
      for (long i = 0; i < index.sequences(); i++) {
        out.writeByte(modes.nextByte());
      }
    }
  }

  /**
   * The part of a document index that can be kept.
   *
   * @param index with the number of entries that it has
   * @param inFile whether the file is long enough for them
   * @param kept how many entries are kept: all or none
   * @param last the last of them
   */
  private record Documents(MegatronIndex index, boolean inFile, long kept, long last) {

    /**
     * With the number of entries in the header; or the file's size, where only that one is whole.
     */
    static Documents find(StoredFile idx, MegatronHeader header) throws IOException {
      Documents stored = of(new MegatronIndex(idx, header));
      long left = idx.bytes() - pointersEnd(stored.index);
      if (stored.made() > 0 && left > 0 && left % Long.BYTES == 0) {
        Documents all =
            of(
                new MegatronIndex(
                    idx,
                    new MegatronHeader(header.dtype(), header.sequences(), left / Long.BYTES)));
        return all.made() == 0 ? all : stored;
      }
      return stored;
    }

    private static Documents of(MegatronIndex index) throws IOException {
      long left = index.file().bytes() - pointersEnd(index);
      long count = index.entries();
      if (left < 0 || count < 0 || count > left / Long.BYTES) {
        return new Documents(index, false, 0, 0);
      }
      long last = 0;
      try (IndexNumbers entries = index.documents(0)) {
        for (long i = 0; i < count; i++) {
          long entry = entries.nextLong();
          if (entry < last || entry > (i == 0 ? 0 : index.sequences())) {
            return new Documents(index, true, 0, 0);
          }
          last = entry;
        }
      }
      return new Documents(index, true, count, last);
    }

    /** The documents that are not in it. */
    long made() {
      return index.sequences() - last;
    }

    long entries() {
      return Math.max(1, kept) + made();
    }

    void write(DataOutputStream out) throws IOException {
      if (kept == 0) {
        out.writeLong(0);
      } else {
        try (IndexNumbers entries = index.documents(0)) {
          for (long i = 0; i < kept; i++) {
            out.writeLong(Long.reverseBytes(entries.nextLong()));
          }
        }
      }
      for (long sequence = last + 1; sequence <= index.sequences(); sequence++) {
        out.writeLong(Long.reverseBytes(sequence));
      }
    }
  }
}
