package org.millrace.io.document;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import org.apache.beam.sdk.io.FileSystems;

/** A file of the input on any of Beam's file systems. */
record ResourceSource(InputFile file) implements ByteSource {

  @Override
  public ReadableByteChannel open() throws IOException {
    return FileSystems.open(FileSystems.matchNewResource(file.resource(), false));
  }

  @Override
  public long bytes() {
    return file.bytes();
  }

  @Override
  public String name() {
    return file.relativePath();
  }
}
