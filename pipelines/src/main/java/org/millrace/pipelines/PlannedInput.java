package org.millrace.pipelines;

import java.util.List;
import org.millrace.io.document.InputFiles;
import org.millrace.io.file.FileListing;

/**
 * What a run is going to read.
 *
 * @param listing the files
 * @param skipped the paths of files that are passed over, as their names tell no format
 */
public record PlannedInput(FileListing listing, List<String> skipped) {

  public PlannedInput {
    skipped = List.copyOf(skipped);
  }

  /** Files of documents. */
  public static PlannedInput of(InputFiles files) {
    return new PlannedInput(files.listing(), files.skipped());
  }

  /** Files of which none is passed over, as the shards of a dataset. */
  public static PlannedInput of(FileListing listing) {
    return new PlannedInput(listing, List.of());
  }
}
