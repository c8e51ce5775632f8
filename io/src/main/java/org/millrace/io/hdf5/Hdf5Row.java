package org.millrace.io.hdf5;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.ledger.Tally;
import org.millrace.transforms.mix.MixedSample;

/**
 * A row on its way from one HDF5 file to another: either its zlib stream, or the place of the
 * stream in its file.
 *
 * @param path the file's, relative to the input's root
 * @param source what it is counted under
 * @param file the number of its file
 * @param files how many files there are
 * @param row its number in the file
 * @param number its number among the wanted rows of the source
 * @param repeat how often it has been taken before
 * @param length the tokens in it
 * @param address where in the file its stream is; 0 where the stream is not that of the file
 * @param bytes the size of the stream
 * @param stream the stream, or empty where it is still to be read
 */
@DefaultCoder(Hdf5Row.Hdf5RowCoder.class)
public record Hdf5Row(
    String path,
    String source,
    int file,
    int files,
    long row,
    long number,
    int repeat,
    int length,
    long address,
    int bytes,
    ZlibStream stream)
    implements MixedSample<Hdf5Row> {

  /** A zlib stream. */
  public static final class ZlibStream implements Serializable {
    /** One that is still to be read. */
    static final ZlibStream UNREAD = new ZlibStream(new byte[0]);

    private final byte[] bytes;

    ZlibStream(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ZlibStream that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  /** {@code path:row}, and {@code #n} where it has been taken {@code n} times before. */
  @Override
  public String id() {
    String id = path + ":" + row;
    return repeat == 0 ? id : id + "#" + repeat;
  }

  @Override
  public OrderKey position() {
    return OrderKey.natural(file, files, row);
  }

  @Override
  public void tallyTo(Tally tally, String step, String reason) {
    tally.add(source, step, reason, 1, 0, length);
  }

  @Override
  public Hdf5Row repeated(int times) {
    return new Hdf5Row(
        path, source, file, files, row, number, times, length, address, bytes, stream);
  }

  /** The same row, with its stream. */
  Hdf5Row with(byte[] read) {
    ZlibStream found = new ZlibStream(read);
    return new Hdf5Row(
        path, source, file, files, row, number, repeat, length, address, read.length, found);
  }

  boolean isCarried() {
    return stream.bytes.length > 0;
  }

  @Override
  public String toString() {
    return id() + " (" + source + ", " + length + " tokens in " + bytes + " bytes)";
  }

  /** Writes the fields in their order. */
  public static final class Hdf5RowCoder extends AtomicCoder<Hdf5Row> {
    private static final Hdf5RowCoder INSTANCE = new Hdf5RowCoder();
    private static final StringUtf8Coder STRING = StringUtf8Coder.of();

    private Hdf5RowCoder() {}

    public static Hdf5RowCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(Hdf5Row.class), INSTANCE);
    }

    @Override
    public void encode(Hdf5Row row, OutputStream out) throws IOException {
      STRING.encode(row.path, out);
      STRING.encode(row.source, out);
      VarInt.encode(row.file, out);
      VarInt.encode(row.files, out);
      VarInt.encode(row.row, out);
      VarInt.encode(row.number, out);
      VarInt.encode(row.repeat, out);
      VarInt.encode(row.length, out);
      VarInt.encode(row.address, out);
      VarInt.encode(row.bytes, out);
      VarInt.encode(row.stream.bytes.length, out);
      out.write(row.stream.bytes);
    }

    @Override
    public Hdf5Row decode(InputStream in) throws IOException {
      String path = STRING.decode(in);
      String source = STRING.decode(in);
      int file = VarInt.decodeInt(in);
      int files = VarInt.decodeInt(in);
      long row = VarInt.decodeLong(in);
      long number = VarInt.decodeLong(in);
      int repeat = VarInt.decodeInt(in);
      int length = VarInt.decodeInt(in);
      long address = VarInt.decodeLong(in);
      int bytes = VarInt.decodeInt(in);
      int size = VarInt.decodeInt(in);
      byte[] read = in.readNBytes(size);
      if (read.length < size) {
        throw new EOFException("row: expected " + size + " bytes, got " + read.length);
      }
      ZlibStream stream = size == 0 ? ZlibStream.UNREAD : new ZlibStream(read);
      return new Hdf5Row(
          path, source, file, files, row, number, repeat, length, address, bytes, stream);
    }
  }
}
