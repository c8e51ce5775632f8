package org.millrace.io.megatron;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.millrace.io.column.DType;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader.Contents;
import org.millrace.io.stored.TokenDigest;

/** Reports what is wrong with a pair. */
final class MegatronCheck {

  /** Of more wrong pointers or entries only the number is told: one damage can make all wrong. */
  private static final int SHOWN = 3;

  private static final int BUFFER_BYTES = 1 << 18;

  // Sums of lengths up to it can be multiplied by any width.
  private static final long MAX_TOKENS = Long.MAX_VALUE / Long.BYTES;

  private final MegatronIndex index;
  private final BinParts bin;
  private final Consumer<Finding> findings;
  private final String path;

  MegatronCheck(MegatronIndex index, BinParts bin, Consumer<Finding> findings) {
    this.index = index;
    this.bin = bin;
    this.findings = findings;
    this.path = index.file().path();
  }

  Contents run(long vocabularySize) throws IOException {
    checkEnd();
    checkSize(checkSequences());
    checkDocuments();
    return new Contents(index.sequences(), checkIds(vocabularySize));
  }

  private void checkEnd() {
    long bytes = index.file().bytes();
    if (bytes != index.end() && !index.hasModes()) {
      String expected = index.end() + ", or " + index.sequences() + " more in multimodal files";
      findings.accept(Finding.of(path, "size", expected, bytes));
    }
    if (index.sequences() == 0) {
      String got = "none, and Megatron-LM opens no empty dataset";
      findings.accept(Finding.at(path, MegatronHeader.SEQUENCES_AT, "sequences", "1 or more", got));
    } else if (bin.bytes() == 0) {
      findings.accept(
          bin.finding("size", "1 or more", "0, and Megatron-LM opens no empty dataset"));
    }
  }

  /** Checks lengths and pointers; gives the sum of the lengths. */
  private long checkSequences() throws IOException {
    long sum = 0;
    long wrong = 0;
    try (IndexNumbers lengths = index.lengths();
        IndexNumbers pointers = index.pointers()) {
      for (long i = 0; i < index.sequences(); i++) {
        int length = lengths.nextInt();
        if (length < 0) {
          long at = lengths.offset() - Integer.BYTES;
          throw index.damaged(at, "length of sequence " + i, "0 or more", length);
        }
        long pointer = pointers.nextLong();
        long expected = sum * index.width();
        if (pointer != expected && wrong++ < SHOWN) {
          long at = pointers.offset() - Long.BYTES;
          findings.accept(Finding.at(path, at, "pointer of sequence " + i, expected, pointer));
        }
        sum += length;
        if (sum > MAX_TOKENS) {
          long at = lengths.offset() - Integer.BYTES;
          throw index.damaged(at, "sum of lengths", "at most " + MAX_TOKENS, sum);
        }
      }
    }
    if (wrong > 0) {
      String got = wrong + " others; repair computes them anew from the lengths";
      findings.accept(Finding.of(path, "pointers", "sums of the lengths before", got));
    }
    return sum;
  }

  private void checkSize(long tokens) {
    long bytes = bin.bytes();
    long expected = tokens * index.width();
    if (bytes != expected) {
      findings.accept(bin.finding("size", expected + " as the lengths say", bytes + why(expected)));
    }
  }

  private String why(long expected) {
    long more = bin.bytes() - expected;
    long documents = Math.max(0, index.entries() - 1);
    if (more > 0 && more == documents * index.width()) {
      // NVIDIA/Megatron-LM, issue 431
      return ": one token a document more, as when lengths were counted before end-of-text came";
    }
    return more > 0 ? "" : ": it is cut off, or is that of another index";
  }

  private void checkDocuments() throws IOException {
    if (index.entries() == 0) {
      String what = "entries of the document index";
      findings.accept(Finding.at(path, MegatronHeader.ENTRIES_AT, what, "1 or more", 0));
      return;
    }
    long previous = 0;
    long wrong = 0;
    try (IndexNumbers entries = index.documents(0)) {
      for (long i = 0; i < index.entries(); i++) {
        long entry = entries.nextLong();
        long max = i == 0 ? 0 : index.sequences();
        if (entry >= previous && entry <= max) {
          previous = entry;
        } else if (wrong++ < SHOWN) {
          long at = entries.offset() - Long.BYTES;
          String expected = previous + (max == 0 ? "" : ".." + max);
          findings.accept(Finding.at(path, at, "document index, entry " + i, expected, entry));
        }
      }
    }
    if (wrong > 0) {
      String got = wrong + " that are not; repair makes each sequence a document";
      findings.accept(Finding.of(path, "document index", "entries in order", got));
    }
    if (previous != index.sequences()) {
      String got = previous + "; Megatron-LM does not open it, and repair closes it";
      long at = index.end() - Long.BYTES;
      findings.accept(
          Finding.at(path, at, "last entry of the document index", index.sequences(), got));
    }
  }

  private TokenDigest checkIds(long vocabularySize) throws IOException {
    TokenDigest.Builder digest = new TokenDigest.Builder();
    long offset = 0;
    try (IndexNumbers lengths = index.lengths();
        InputStream in = new BufferedInputStream(bin.stream(0), BUFFER_BYTES)) {
      byte[] bytes = new byte[BUFFER_BYTES];
      for (long i = 0; i < index.sequences(); i++) {
        long end = offset + (long) lengths.nextInt() * index.width();
        while (offset < end) {
          int size = (int) Math.min(end - offset, BUFFER_BYTES);
          int read = in.readNBytes(bytes, 0, size);
          if (read < size) {
            throw new EOFException(bin.at(offset, "bytes of sequence " + i, size, read).toString());
          }
          checkIds(ByteBuffer.wrap(bytes, 0, size), offset, i, vocabularySize, digest);
          offset += size;
        }
        digest.endSample();
      }
    }
    return digest.build();
  }

  private void checkIds(
      ByteBuffer bytes,
      long offset,
      long sequence,
      long vocabularySize,
      TokenDigest.Builder digest) {
    DType dtype = index.header().dtype();
    ByteBuffer ids = bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < ids.limit(); at += dtype.bytes()) {
      long id = dtype.get(ids, at);
      digest.add(id);
      if (id < 0 || id >= vocabularySize) {
        String expected = "0.." + (vocabularySize - 1);
        findings.accept(bin.at(offset + at, "id in sequence " + sequence, expected, id));
      }
    }
  }
}
