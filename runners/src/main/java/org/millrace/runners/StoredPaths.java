package org.millrace.runners;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredFormat;
import org.millrace.io.verify.StoredFormats;

/** Finds the files that a path of the command line names. */
final class StoredPaths {

  private StoredPaths() {}

  /** The files of a folder, or those that belong to a file or a prefix. */
  static StoredFolder list(String path) throws IOException {
    try {
      return StoredFolder.list(Home.absolute(path));
    } catch (FileNotFoundException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  /** The error of a path at which nothing is of any format. */
  static UsageException nothing(String path) {
    return new UsageException(
        path
            + ": expected a manifest.json, or files of "
            + String.join(", ", StoredFormats.ALL.stream().map(StoredFormat::name).toList())
            + ", got none");
  }
}
