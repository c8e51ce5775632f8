package org.millrace.io.verify;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.millrace.io.shard.Manifest;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredFormat;
import org.millrace.io.stored.StoredSample;

/**
 * A dataset that lies in a folder with its manifest. Neither is trusted.
 *
 * <pre>{@code
 * StoredDataset dataset = StoredDataset.open("/data/out");
 * StoredSample first = dataset.sample(dataset.manifest().outputs().get(0), 0);
 * }</pre>
 */
public final class StoredDataset {

  /** A manifest of 100,000 shards in four formats has some 80 MB. */
  private static final int MANIFEST_LIMIT = 1 << 28;

  private final StoredFolder folder;
  private final Manifest manifest;

  private StoredDataset(StoredFolder folder, Manifest manifest) {
    this.folder = folder;
    this.manifest = manifest;
  }

  /**
   * Opens a dataset.
   *
   * @param location as Beam's file systems name it
   * @throws FileNotFoundException when there is no manifest
   * @throws IOException when it is damaged
   */
  public static StoredDataset open(String location) throws IOException {
    return in(StoredFolder.list(location))
        .orElseThrow(
            () ->
                new FileNotFoundException(
                    location
                        + ": expected a "
                        + Manifest.FILE_NAME
                        + ", got none; without it a dataset is not complete"));
  }

  /**
   * The dataset in a folder; empty when there is no manifest.
   *
   * @throws IOException when the manifest is damaged
   */
  public static Optional<StoredDataset> in(StoredFolder folder) throws IOException {
    Optional<StoredFile> file = folder.find(Manifest.FILE_NAME);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = file.get().stream()) {
      byte[] json = in.readNBytes(MANIFEST_LIMIT);
      if (json.length == MANIFEST_LIMIT) {
        throw new IOException(file.get().resource() + ": is too large for a manifest");
      }
      return Optional.of(new StoredDataset(folder, Manifest.parse(json, Manifest.FILE_NAME)));
    }
  }

  /** The manifest. */
  public Manifest manifest() {
    return manifest;
  }

  /** All files of the dataset's folder. */
  StoredFolder folder() {
    return folder;
  }

  /**
   * The shards of an output.
   *
   * @param findings takes what is wrong with the files as a set
   */
  public FormatShards shards(Manifest.Output output, Consumer<Finding> findings)
      throws IOException {
    List<String> paths = output.files().stream().map(Manifest.File::path).toList();
    StoredFormat format = StoredFormats.of(output.format());
    StoredFolder files = folder.below(output.folder()).inOrder(paths);
    return new FormatShards(format, format.shards(files, findings));
  }

  /**
   * Makes sure that all files of an output are there, in their sizes.
   *
   * @throws IOException when one is not
   */
  public void refuseIncomplete(Manifest.Output output) throws IOException {
    for (Manifest.File file : output.files()) {
      Optional<StoredFile> found = folder.find(file.path());
      if (found.isEmpty() || found.get().bytes() != file.bytes()) {
        String got = found.map(each -> Long.toString(each.bytes())).orElse("no file");
        throw new IOException(Finding.of(file.path(), "bytes", file.bytes(), got).toString());
      }
    }
  }

  /**
   * A sample by its number over all shards in their order.
   *
   * @throws IOException when there is no such sample, or a file is missing or damaged
   */
  public StoredSample sample(Manifest.Output output, long number) throws IOException {
    return shards(output, finding -> {}).sample(number);
  }
}
