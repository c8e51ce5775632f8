package org.millrace.io.verify;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.millrace.io.file.FileLookup;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.ShardReader;
import org.millrace.io.shard.StoredFile;
import org.millrace.transforms.data.TokenIds;

/**
 * A dataset that lies in a folder with its manifest. Neither is trusted.
 *
 * <pre>{@code
 * StoredDataset dataset = StoredDataset.open("/data/out");
 * TokenIds first = dataset.sample(dataset.manifest().outputs().get(0), 0);
 * }</pre>
 */
public final class StoredDataset {

  /** A manifest of 100,000 shards in four formats has some 80 MB. */
  private static final int MANIFEST_LIMIT = 1 << 28;

  private final ResourceId root;
  private final Manifest manifest;

  private StoredDataset(ResourceId root, Manifest manifest) {
    this.root = root;
    this.manifest = manifest;
  }

  /**
   * Opens a dataset.
   *
   * @param folder as Beam's file systems name it
   * @throws FileNotFoundException when there is no manifest
   * @throws IOException when it is damaged
   */
  public static StoredDataset open(String folder) throws IOException {
    ResourceId root = FileSystems.matchNewResource(folder, true);
    StoredDataset empty = new StoredDataset(root, null);
    StoredFile file =
        empty
            .find(Manifest.FILE_NAME)
            .orElseThrow(
                () ->
                    new FileNotFoundException(
                        folder
                            + ": expected a "
                            + Manifest.FILE_NAME
                            + ", got none; without it a dataset is not complete"));
    try (InputStream in = Channels.newInputStream(FileSystems.open(file.resource()))) {
      byte[] json = in.readNBytes(MANIFEST_LIMIT);
      if (json.length == MANIFEST_LIMIT) {
        throw new IOException(file.resource() + ": is too large for a manifest");
      }
      return new StoredDataset(root, Manifest.parse(json, Manifest.FILE_NAME));
    }
  }

  /** The manifest. */
  public Manifest manifest() {
    return manifest;
  }

  /** Whether a path of the manifest leads to a file of the dataset, and nowhere else. */
  static boolean isSafe(String path) {
    return !path.isEmpty()
        && !path.matches(".*[\\\\:*?\\[\\]{}\\p{Cntrl}].*")
        && List.of(path.split("/", -1)).stream()
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }

  /** The file at a path, where there is one. */
  Optional<StoredFile> find(String path) throws IOException {
    if (!isSafe(path)) {
      return Optional.empty();
    }
    ResourceId at = root;
    String[] parts = path.split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      at =
          at.resolve(
              parts[i],
              i + 1 < parts.length
                  ? StandardResolveOptions.RESOLVE_DIRECTORY
                  : StandardResolveOptions.RESOLVE_FILE);
    }
    return FileLookup.match(at.toString()).stream()
        .filter(file -> !file.resourceId().isDirectory())
        .findFirst()
        .map(file -> new StoredFile(file.resourceId(), path, file.sizeBytes()));
  }

  /** The paths of all files there are. */
  List<String> list() throws IOException {
    String prefix = root.toString();
    return FileLookup.match(prefix + "**").stream()
        .filter(file -> !file.resourceId().isDirectory())
        .map(file -> file.resourceId().toString())
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .sorted()
        .toList();
  }

  /** What reads the files of an output. */
  static ShardReader reader(Manifest.Output output) throws IOException {
    if (output.format().equals(NpyIO.FORMAT)) {
      return NpyIO.reader(output.properties());
    }
    throw new IOException("no reader for the format " + output.format() + "; expected npy");
  }

  /** The files of an output that hold samples, shard by shard. */
  static List<List<Manifest.File>> shards(Manifest.Output output) {
    Map<String, List<Manifest.File>> shards = new LinkedHashMap<>();
    for (Manifest.File file : output.files()) {
      if (file.samples() > 0) {
        String name = file.path().substring(file.path().lastIndexOf('/') + 1);
        shards.computeIfAbsent(name.replaceFirst("\\..*", ""), n -> new ArrayList<>()).add(file);
      }
    }
    return List.copyOf(shards.values());
  }

  /**
   * A sample by its number over all shards in their order.
   *
   * @throws IOException when there is no such sample, or a file is missing or damaged
   */
  public TokenIds sample(Manifest.Output output, long number) throws IOException {
    long before = 0;
    for (List<Manifest.File> shard : shards(output)) {
      long samples = shard.get(0).samples();
      if (number < before + samples) {
        List<StoredFile> files = new ArrayList<>();
        for (Manifest.File file : shard) {
          files.add(
              find(file.path())
                  .orElseThrow(() -> new FileNotFoundException(file.path() + ": is missing")));
        }
        return reader(output).sample(files, number - before);
      }
      before += samples;
    }
    throw new IOException("expected a sample in 0.." + (before - 1) + ", got " + number);
  }
}
