package org.millrace.io.document;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * A range of a file, which one worker reads.
 *
 * @param start the first byte
 * @param end the byte behind the last one
 */
@DefaultCoder(FileRange.FileRangeCoder.class)
record FileRange(InputFile file, long start, long end) implements Serializable {

  /** Cuts a file into ranges of {@code splitBytes}, if it can be; gives out at least one range. */
  static void cut(InputFile file, DocumentFormat format, long splitBytes, Consumer<FileRange> out) {
    String name = file.relativePath();
    boolean splits = format.of(name).filter(f -> f.splits(name)).isPresent();
    long start = 0;
    while (splits && file.bytes() - start > splitBytes) {
      out.accept(new FileRange(file, start, start + splitBytes));
      start += splitBytes;
    }
    out.accept(new FileRange(file, start, file.bytes()));
  }

  /** Writes the fields in their order. */
  static final class FileRangeCoder extends AtomicCoder<FileRange> {
    private static final FileRangeCoder INSTANCE = new FileRangeCoder();

    private FileRangeCoder() {}

    static FileRangeCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(FileRange.class), INSTANCE);
    }

    @Override
    public void encode(FileRange range, OutputStream out) throws IOException {
      InputFile.InputFileCoder.of().encode(range.file, out);
      VarInt.encode(range.start, out);
      VarInt.encode(range.end, out);
    }

    @Override
    public FileRange decode(InputStream in) throws IOException {
      return new FileRange(
          InputFile.InputFileCoder.of().decode(in), VarInt.decodeLong(in), VarInt.decodeLong(in));
    }
  }
}
