package org.millrace.io.stored;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * A file of a dataset that lies in its place.
 *
 * @param resource where it is
 * @param path relative to the dataset's folder
 * @param bytes its size
 */
public record StoredFile(ResourceId resource, String path, long bytes) {

  /** Opens it at its begin. */
  public InputStream stream() throws IOException {
    return Channels.newInputStream(FileSystems.open(resource));
  }

  /** Opens it at {@code offset}. */
  public InputStream stream(long offset) throws IOException {
    return Channels.newInputStream(channel().position(offset));
  }

  /** Opens it to be read at any place. */
  public SeekableByteChannel channel() throws IOException {
    ReadableByteChannel channel = FileSystems.open(resource);
    if (channel instanceof SeekableByteChannel seekable) {
      return seekable;
    }
    channel.close();
    throw new IOException(resource + ": this file system cannot read from the middle of a file");
  }

  /** The file's name, without its folders. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
