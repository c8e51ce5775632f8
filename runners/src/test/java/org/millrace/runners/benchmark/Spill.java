package org.millrace.runners.benchmark;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.millrace.transforms.data.OrderKey;

/**
 * A scratch file of token sequences with keys: written by many threads in any order, read once in
 * the order of the keys.
 *
 * <pre>
 * Spill --&gt; (Key, Size, Tokens)^*
 *   Key --&gt; 16 bytes      Size --&gt; int32, big-endian      Tokens --&gt; Size bytes
 * </pre>
 */
final class Spill {

  private final Path file;
  private final DataOutputStream out;

  /** Opens an empty one. */
  Spill(Path file) throws IOException {
    this.file = file;
    this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 18));
  }

  /** Adds {@code bytes} bytes of tokens, which begin at {@code from}. */
  void add(OrderKey key, byte[] tokens, int from, int bytes) throws IOException {
    synchronized (out) {
      out.writeLong(key.high());
      out.writeLong(key.low());
      out.writeInt(bytes);
      out.write(tokens, from, bytes);
    }
  }

  /** Ends writing and takes the whole file into memory. */
  Sorted sorted() throws IOException {
    out.close();
    byte[] content = Files.readAllBytes(file);
    Files.delete(file);
    ByteBuffer buffer = ByteBuffer.wrap(content);
    List<Entry> index = new ArrayList<>();
    while (buffer.hasRemaining()) {
      OrderKey key = new OrderKey(buffer.getLong(), buffer.getLong());
      int bytes = buffer.getInt();
      index.add(new Entry(key, buffer.position(), bytes));
      buffer.position(buffer.position() + bytes);
    }
    index.sort((a, b) -> a.key.compareTo(b.key));
    return new Sorted(content, index);
  }

  /** Where an entry's tokens lie. */
  record Entry(OrderKey key, int from, int bytes) {}

  /** A spill in memory, and its entries in the order of their keys. */
  record Sorted(byte[] content, List<Entry> entries) {}
}
