package org.millrace.io.hdf5;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;

/** A file opened to be read at the addresses that it holds itself, each of which is checked. */
final class FileBytes implements Closeable {

  /** An address that leads nowhere. */
  static final long UNDEFINED = -1;

  private final StoredFile file;
  private final SeekableByteChannel channel;

  FileBytes(StoredFile file) throws IOException {
    this.file = file;
    this.channel = file.channel();
  }

  StoredFile file() {
    return file;
  }

  /**
   * Reads a part.
   *
   * @param what it is, for errors
   * @throws IOException where it is not wholly in the file
   */
  FileBlock read(long address, long length, String what) throws IOException {
    if (address < 0 || length < 0 || address > file.bytes() - length) {
      throw new IOException(
          Finding.at(
                  file.path(),
                  address,
                  what,
                  length + " bytes in a file of " + file.bytes(),
                  address < 0 || address > file.bytes()
                      ? "an address outside of it"
                      : (file.bytes() - address) + " bytes")
              .toString());
    }
    ByteBuffer data = ByteBuffer.allocate(Math.toIntExact(length));
    channel.position(address);
    while (data.hasRemaining()) {
      if (channel.read(data) < 0) {
        throw new EOFException(
            Finding.at(file.path(), address, what, length + " bytes", data.position()).toString());
      }
    }
    return new FileBlock(file.path(), address, what, data.flip());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
