package org.millrace.io.hdf5;

import java.io.Serializable;
import org.apache.beam.sdk.io.FileSystems;
import org.millrace.io.stored.StoredFile;

/**
 * A file of rows that are to be read.
 *
 * @param path relative to the input's root
 * @param resource its whole path, as Beam's file systems name it
 * @param bytes its size
 * @param source what its rows are counted under
 * @param rows how many it has
 * @param from the first of them that is wanted
 * @param to the one behind the last that is wanted
 * @param start the number of the first wanted row among all of the source
 * @param whole whether each row is stored as a zlib stream of its own, which can be carried as it
 *     is
 */
public record Hdf5RowFile(
    String path,
    String resource,
    long bytes,
    String source,
    long rows,
    long from,
    long to,
    long start,
    boolean whole)
    implements Serializable {

  /** How many rows are wanted. */
  public long wanted() {
    return to - from;
  }

  StoredFile stored() {
    return new StoredFile(FileSystems.matchNewResource(resource, false), path, bytes);
  }
}
