package org.millrace.io.verify;

import java.io.IOException;
import java.util.List;
import org.millrace.io.hdf5.Hdf5IO;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.megatron.MegatronIO;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.retrieval.RetrievalIO;
import org.millrace.io.stored.StoredFormat;

/** The formats that can be read back. */
public final class StoredFormats {

  /** All of them. */
  public static final List<StoredFormat> ALL =
      List.of(
          NpyIO.format(),
          MegatronIO.format(),
          Hdf5IO.format(),
          MdsIO.format(),
          RetrievalIO.format());

  private StoredFormats() {}

  /**
   * The format of a name.
   *
   * @throws IOException when there is none
   */
  public static StoredFormat of(String name) throws IOException {
    return ALL.stream()
        .filter(format -> format.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    "no reader for the format "
                        + name
                        + "; expected one of "
                        + String.join(", ", ALL.stream().map(StoredFormat::name).toList())));
  }
}
