package org.millrace.io.megatron;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;
import org.millrace.io.column.TargetColumns;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;

/**
 * The two pairs of a teacher's targets beside one of tokens.
 *
 * @param tokens the index of the tokens
 */
record TargetPairs(MegatronIndex tokens, Pair index, Pair values) {

  private static final int BUFFER_BYTES = 1 << 18;

  /** No sequence has more numbers: a larger one is a damaged file. */
  private static final int MAX_NUMBERS = 1 << 27;

  /** An index and its numbers. */
  record Pair(MegatronIndex idx, StoredFile bin) {

    static Pair open(StoredFile idx, StoredFile bin) throws IOException {
      return new Pair(MegatronIndex.openAny(idx), bin);
    }

    NdArray next(IndexNumbers lengths, InputStream in, int positions) throws IOException {
      int length = lengths.nextInt();
      if (length <= 0 || length > MAX_NUMBERS || length % positions != 0) {
        long at = lengths.offset() - Integer.BYTES;
        throw idx.damaged(at, "length", "a multiple of " + positions, length);
      }
      byte[] bytes = in.readNBytes(length * idx.width());
      if (bytes.length < length * idx.width()) {
        throw new EOFException(bin.path() + ": ends before its last number");
      }
      List<Integer> shape = List.of(positions, length / positions);
      return new NdArray(idx.header().dtype(), shape, ByteBuffer.wrap(bytes));
    }
  }

  /**
   * Opens both.
   *
   * @param files index and numbers of {@code target_index}, then of {@code target_prob}
   */
  static TargetPairs open(MegatronIndex tokens, List<StoredFile> files) throws IOException {
    Pair index = Pair.open(files.get(0), files.get(1));
    Pair values = Pair.open(files.get(2), files.get(3));
    for (Pair pair : List.of(index, values)) {
      if (pair.idx.sequences() != tokens.sequences()) {
        throw pair.idx.damaged(
            MegatronHeader.SEQUENCES_AT,
            "sequences",
            tokens.sequences() + ", as many as of tokens",
            pair.idx.sequences());
      }
    }
    return new TargetPairs(tokens, index, values);
  }

  /** Reads all and reports what is wrong. */
  void check(Consumer<Finding> findings) throws IOException {
    for (Pair pair : List.of(index, values)) {
      if (pair.idx.file().bytes() != pair.idx.end()) {
        findings.accept(
            Finding.of(pair.idx.file().path(), "size", pair.idx.end(), pair.idx.file().bytes()));
      }
    }
    long read = 0;
    try (IndexNumbers lengths = tokens.lengths();
        IndexNumbers indexLengths = index.idx.lengths();
        IndexNumbers valueLengths = values.idx.lengths();
        IndexNumbers pointers = values.idx.pointers();
        InputStream ids = new BufferedInputStream(index.bin.stream(), BUFFER_BYTES);
        InputStream numbers = new BufferedInputStream(values.bin.stream(), BUFFER_BYTES)) {
      for (long sequence = 0; sequence < tokens.sequences(); sequence++) {
        int positions = Math.max(1, lengths.nextInt());
        NdArray found = index.next(indexLengths, ids, positions);
        NdArray probabilities = values.next(valueLengths, numbers, positions);
        String where = "sequence " + sequence + ", targets: ";
        TargetColumns.problem(found, probabilities)
            .ifPresent(problem -> findings.accept(new Finding(index.bin.path(), where + problem)));
        long pointer = pointers.nextLong();
        if (pointer != read) {
          findings.accept(
              Finding.of(
                  values.idx.file().path(), "pointer of sequence " + sequence, read, pointer));
        }
        read += (long) probabilities.elements() * DType.FLOAT32.bytes();
      }
      if (ids.read() >= 0 || numbers.read() >= 0) {
        findings.accept(new Finding(index.bin.path(), "has more numbers than its index says"));
      }
    }
  }
}
