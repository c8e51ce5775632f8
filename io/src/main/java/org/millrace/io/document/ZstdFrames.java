package org.millrace.io.document;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The decompressed bytes of any number of zstd frames (RFC 8878). The library's own stream takes a
 * frame that is cut short for a clean end, where it is not the first one and short itself.
 */
final class ZstdFrames extends InputStream {

  private static final int BUFFER_BYTES = 1 << 17;

  private final InputStream in;
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final ByteBuffer compressed = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private final byte[] copy = new byte[BUFFER_BYTES];
  private boolean insideFrame;
  private boolean mayHoldMore;
  private boolean careful;

  ZstdFrames(InputStream in) {
    this.in = in;
  }

  /** From here on gives out all that comes before a damage, to the byte. Slow. */
  void beCareful() {
    careful = true;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    while (!bytes.hasRemaining() && length > 0) {
      if (!mayHoldMore && !compressed.hasRemaining() && !fill()) {
        return -1;
      }
      decompress();
    }
    int count = Math.min(length, bytes.remaining());
    bytes.get(target, from, count);
    return count;
  }

  private boolean fill() throws IOException {
    int count = in.read(copy, 0, copy.length);
    if (count < 0 && insideFrame) {
      throw new EOFException("the file ends inside a frame");
    }
    compressed.clear().put(copy, 0, Math.max(0, count)).flip();
    return count > 0;
  }

  private void decompress() {
    int end = compressed.limit();
    if (careful && compressed.hasRemaining()) {
      compressed.limit(compressed.position() + 1);
    }
    bytes.clear();
    insideFrame = !context.decompressDirectByteBufferStream(bytes, compressed);
    compressed.limit(end);
    mayHoldMore = !bytes.hasRemaining();
    bytes.flip();
  }

  @Override
  public void close() throws IOException {
    context.close();
    in.close();
  }
}
