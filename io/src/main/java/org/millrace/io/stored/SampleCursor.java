package org.millrace.io.stored;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Gives samples one after another. */
public interface SampleCursor extends Closeable {

  /**
   * The next sample; empty after the last one.
   *
   * @throws IOException where the shard is damaged: with the file, the offset, what was expected
   *     and what was found
   */
  Optional<StoredSample> next() throws IOException;
}
