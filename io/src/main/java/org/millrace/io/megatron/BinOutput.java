package org.millrace.io.megatron;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.millrace.io.column.DType;
import org.millrace.io.column.LittleEndianOutput;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardScratch;
import org.millrace.transforms.data.TokenIds;

/** A new {@code .bin}, whole or cut between tokens into parts that are numbered from 000. */
final class BinOutput implements Closeable {

  private static final int MAX_PARTS = 1000; // three digits, so that names sort as numbers do

  private final ShardScratch scratch;
  private final DType dtype;
  private final long partBytes;
  private final boolean cut;
  private final List<Path> parts = new ArrayList<>();
  private LittleEndianOutput part;
  private long bytesBefore;

  /**
   * Begins the file.
   *
   * @param partBytes the size that no part exceeds; 0 for a whole file
   */
  BinOutput(ShardScratch scratch, DType dtype, long partBytes) throws IOException {
    this.scratch = scratch;
    this.dtype = dtype;
    this.cut = partBytes > 0;
    this.partBytes = cut ? partBytes / dtype.bytes() * dtype.bytes() : Long.MAX_VALUE;
    this.part = newPart();
  }

  private LittleEndianOutput newPart() throws IOException {
    if (parts.size() == MAX_PARTS) {
      throw new IOException(
          "a .bin may have " + MAX_PARTS + " parts; they must be larger than " + partBytes);
    }
    Path path = scratch.newFile(MegatronFormat.BIN);
    parts.add(path);
    return new LittleEndianOutput(path);
  }

  /** The size of what has been written. */
  long bytes() {
    return bytesBefore + part.position();
  }

  void write(TokenIds tokens) throws IOException {
    for (int at = 0; at < tokens.length(); ) {
      long room = (partBytes - part.position()) / dtype.bytes();
      int count = (int) Math.min(tokens.length() - at, room);
      part.write(tokens.slice(at, at + count), dtype);
      at += count;
      if (count == room && at < tokens.length()) {
        next();
      }
    }
  }

  private void next() throws IOException {
    bytesBefore += part.position();
    part.flush();
    part.close();
    part = newPart();
  }

  /** Completes the file: its parts in their order. */
  List<LocalFile> finish(long samples) throws IOException {
    part.flush();
    part.close();
    List<LocalFile> files = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      String suffix = cut ? String.format(Locale.ROOT, ".%03d", i) : "";
      files.add(LocalFile.whole(parts.get(i), MegatronFormat.BIN + suffix, samples));
    }
    return files;
  }

  @Override
  public void close() throws IOException {
    part.close();
  }
}
