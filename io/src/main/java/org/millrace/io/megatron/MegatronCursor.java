package org.millrace.io.megatron;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.io.column.Column;
import org.millrace.io.column.NdArray;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.StoredValues;

/** Gives the sequences of a pair. */
final class MegatronCursor implements SampleCursor {

  private static final int BUFFER_BYTES = 1 << 18;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8; // what a Java array can have

  private final MegatronReader reader;
  private final MegatronIndex index;
  private final boolean hasBefore;
  private final IndexNumbers lengths;
  private final DocumentEnds documents;
  private final Optional<IndexNumbers> modes;
  private final InputStream tokens;
  private long number;
  private long offset;

  MegatronCursor(MegatronReader reader, long from) throws IOException {
    this.reader = reader;
    this.index = reader.index();
    this.hasBefore = reader.has(Column.DOCUMENTS_BEFORE);
    this.lengths = index.lengths();
    while (number < from) {
      offset += nextSize();
      number++;
    }
    this.documents = new DocumentEnds(index, from);
    this.modes = index.hasModes() ? Optional.of(index.modes(from)) : Optional.empty();
    this.tokens = new BufferedInputStream(reader.bin().stream(offset), BUFFER_BYTES);
  }

  /** The bytes of the next sequence, which are in the {@code .bin}. */
  private long nextSize() throws IOException {
    long at = lengths.offset();
    long length = lengths.nextInt();
    long max = (reader.bin().bytes() - offset) / index.width();
    if (length < 0 || length > max) {
      throw index.damaged(at, "length of sequence " + number, "0.." + max, length);
    }
    return length * index.width();
  }

  @Override
  public Optional<StoredSample> next() throws IOException {
    if (number == index.sequences()) {
      checkEnd();
      return Optional.empty();
    }
    long at = lengths.offset();
    long size = nextSize();
    if (size > MAX_BYTES) {
      String what = "bytes of sequence " + number;
      throw index.damaged(at, what, "at most " + MAX_BYTES, size);
    }
    List<Object> values = new ArrayList<>(List.of(readTokens((int) size)));
    long before = number == 0 ? documents.before() : 0;
    values.add(documents.ended());
    if (hasBefore) {
      values.add(before);
    }
    if (modes.isPresent()) {
      values.add((long) modes.get().nextByte());
    }
    number++;
    offset += size;
    return Optional.of(new StoredValues(reader.columns(), values));
  }

  private NdArray readTokens(int size) throws IOException {
    byte[] bytes = new byte[size];
    int read = tokens.readNBytes(bytes, 0, size);
    if (read < size) {
      throw new EOFException(
          reader.bin().at(offset, "bytes of sequence " + number, size, read).toString());
    }
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new NdArray(index.header().dtype(), List.of(size / index.width()), data);
  }

  /** What the lengths leave over would be lost without a word. */
  private void checkEnd() throws IOException {
    if (offset != reader.bin().bytes()) {
      String expected = offset + " as the lengths say";
      throw new IOException(
          reader.bin().finding("size", expected, reader.bin().bytes()).toString());
    }
  }

  @Override
  public void close() throws IOException {
    try (lengths;
        documents;
        tokens) {
      if (modes.isPresent()) {
        modes.get().close();
      }
    }
  }
}
