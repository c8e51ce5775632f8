package org.millrace.io.mds;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A frame of zstd whose header says the size of its content: the readers of MDS decompress nothing
 * larger than a buffer without it.
 */
final class ZstdFrame {

  private static final int BUFFER_BYTES = 1 << 18;

  private ZstdFrame() {}

  static void compress(Path raw, Path zip, int level) throws IOException {
    ByteBuffer source = ByteBuffer.allocateDirect(BUFFER_BYTES);
    ByteBuffer target = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try (FileChannel in = FileChannel.open(raw, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(zip, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        ZstdCompressCtx context = new ZstdCompressCtx()) {
      long size = in.size();
      context.setLevel(level).setContentSize(true).setPledgedSrcSize(size);
      boolean done = false;
      for (long read = 0; !done; ) {
        source.clear();
        read += Math.max(0, in.read(source));
        source.flip();
        EndDirective directive = read < size ? EndDirective.CONTINUE : EndDirective.END;
        do {
          target.clear();
          done = context.compressDirectByteBufferStream(target, source, directive);
          target.flip();
          while (target.hasRemaining()) {
            out.write(target);
          }
        } while (source.hasRemaining() || (directive == EndDirective.END && !done));
        done &= directive == EndDirective.END;
      }
    }
  }
}
