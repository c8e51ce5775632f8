package org.millrace.io.document;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * A file of the input.
 *
 * @param relativePath its path below the input's root, with slashes
 * @param resource its whole path, as Beam's file systems name it
 * @param bytes its size, as it is stored
 * @param rank its place among the input's files, from 0
 * @param count the number of the input's files
 */
@DefaultCoder(InputFile.InputFileCoder.class)
public record InputFile(String relativePath, String resource, long bytes, long rank, long count)
    implements Serializable {

  /** The source of documents that are not in a folder of the input. */
  static final String DEFAULT_SOURCE = "corpus";

  /** The first folder of the path, which the ledger counts the file's documents under. */
  public String source() {
    int slash = relativePath.indexOf('/');
    return slash > 0 ? relativePath.substring(0, slash) : DEFAULT_SOURCE;
  }

  /** Writes the fields in their order. */
  public static final class InputFileCoder extends AtomicCoder<InputFile> {
    private static final InputFileCoder INSTANCE = new InputFileCoder();
    private static final StringUtf8Coder STRING = StringUtf8Coder.of();

    private InputFileCoder() {}

    public static InputFileCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(InputFile.class), INSTANCE);
    }

    @Override
    public void encode(InputFile file, OutputStream out) throws IOException {
      STRING.encode(file.relativePath, out);
      STRING.encode(file.resource, out);
      VarInt.encode(file.bytes, out);
      VarInt.encode(file.rank, out);
      VarInt.encode(file.count, out);
    }

    @Override
    public InputFile decode(InputStream in) throws IOException {
      return new InputFile(
          STRING.decode(in),
          STRING.decode(in),
          VarInt.decodeLong(in),
          VarInt.decodeLong(in),
          VarInt.decodeLong(in));
    }
  }
}
