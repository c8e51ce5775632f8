package org.millrace.io.convert;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.io.shard.Manifest;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.verify.FormatShards;
import org.millrace.io.verify.StoredDataset;
import org.millrace.io.verify.StoredFormats;

/**
 * A folder, file or prefix that is to be converted.
 *
 * @param name what tells it from the other sources; empty where it is the only one
 * @param found its shards
 * @param manifest what is said of them, where there is a manifest
 * @param output the manifest's output that the shards are
 */
record Source(
    String name,
    FormatShards found,
    Optional<Manifest> manifest,
    Optional<Manifest.Output> output) {

  /** Opens all sources of a conversion. */
  static List<Source> open(ConversionSettings settings) throws IOException {
    List<StoredFolder> folders = new ArrayList<>();
    for (String location : settings.sources()) {
      folders.add(StoredFolder.list(location));
    }
    List<String> names = names(folders.stream().map(StoredFolder::location).toList());
    List<Source> sources = new ArrayList<>();
    for (int i = 0; i < folders.size(); i++) {
      String location = settings.sources().get(i);
      Optional<StoredDataset> dataset = StoredDataset.in(folders.get(i));
      sources.add(
          dataset.isPresent()
              ? sealed(names.get(i), dataset.get(), location, settings.from())
              : foreign(names.get(i), folders.get(i), location, settings.from()));
    }
    return List.copyOf(sources);
  }

  private static Source sealed(
      String name, StoredDataset dataset, String location, Optional<String> from)
      throws IOException {
    Manifest manifest = dataset.manifest();
    List<String> formats = manifest.outputs().stream().map(Manifest.Output::format).toList();
    String format = chosen(formats.stream().distinct().toList(), location, from);
    if (formats.indexOf(format) != formats.lastIndexOf(format)) {
      throw new IllegalArgumentException(
          location
              + ": holds several parts, as "
              + manifest.outputs().get(formats.indexOf(format)).folder()
              + "; give the folder of each part that is to be converted");
    }
    Manifest.Output output = manifest.outputs().get(formats.indexOf(format));
    dataset.refuseIncomplete(output);
    List<Finding> findings = new ArrayList<>();
    FormatShards found = dataset.shards(output, findings::add);
    refuse(findings, location);
    return new Source(name, found, Optional.of(manifest), Optional.of(output));
  }

  private static Source foreign(
      String name, StoredFolder folder, String location, Optional<String> from) throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<FormatShards> found = FormatShards.find(folder, findings::add);
    refuse(findings, location);
    List<String> formats = found.stream().map(each -> each.format().name()).toList();
    String format = chosen(formats, location, from);
    return new Source(name, found.get(formats.indexOf(format)), Optional.empty(), Optional.empty());
  }

  private static String chosen(List<String> formats, String location, Optional<String> from) {
    if (formats.isEmpty()) {
      List<String> known = StoredFormats.ALL.stream().map(format -> format.name()).toList();
      throw new IllegalArgumentException(
          location + ": expected a dataset of " + String.join(", ", known) + ", got none");
    }
    if (from.isPresent() ? !formats.contains(from.get()) : formats.size() > 1) {
      throw new IllegalArgumentException(
          location
              + ": holds "
              + String.join(", ", formats)
              + "; from must be "
              + (formats.size() == 1 ? formats.get(0) : "one of them")
              + ", was "
              + from.orElse("not given"));
    }
    return from.orElse(formats.get(0));
  }

  private static void refuse(List<Finding> findings, String location) throws IOException {
    if (!findings.isEmpty()) {
      throw new IOException(
          location
              + " is damaged: "
              + findings.get(0)
              + (findings.size() > 1 ? ", and " + (findings.size() - 1) + " more" : ""));
    }
  }

  /** The locations without what they all begin with, up to a slash; and without their last one. */
  static List<String> names(List<String> locations) {
    String common = locations.get(0);
    for (String location : locations) {
      while (!location.startsWith(common)) {
        common = common.substring(0, Math.max(0, common.lastIndexOf('/', common.length() - 2) + 1));
      }
    }
    int skipped = common.length();
    return locations.stream()
        .map(location -> location.substring(skipped).replaceFirst("/$", ""))
        .toList();
  }

  /** A file's path from what all sources have in common. */
  String path(StoredFile file) {
    return name.isEmpty() ? file.path() : name + "/" + file.path();
  }
}
