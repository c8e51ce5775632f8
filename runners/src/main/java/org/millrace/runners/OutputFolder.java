package org.millrace.runners;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;
import org.millrace.io.file.FileLookup;
import org.millrace.io.shard.DatasetFolder;
import org.millrace.io.shard.Manifest;

/** The folder that a run is to fill: makes sure that nothing in it is lost or mixed up. */
final class OutputFolder {

  /** What Millrace writes into an output folder, and nothing else. */
  private static final Pattern OURS =
      Pattern.compile(
          "manifest\\.json|\\.temp-[^/]+/.*|failures/[^/]+\\.jsonl"
              // Shards that are named after input files lie in their folders.
              + "|npy/([^/]+/)*[^/]+\\.npy"
              + "|megatron/([^/]+/)*[^/]+_document\\.(idx|bin(\\.[0-9]{3,})?)"
              + "|hdf5/([^/]+/)*(data-[0-9]+|examples_[0-9]+_[0-9]+)\\.h5"
              + "|mds/([^/]+/)*(index\\.json|[^/]+\\.mds(\\.(br|bz2|gz|snappy|zstd))?)"
              + "|retrieval/[0-9]+/[^/]+\\.jsonl");

  /** What the name of a run's temporary folder begins with, before its key. */
  private static final String TEMP = DatasetFolder.TEMP_PREFIX;

  private final String location;
  private final ResourceId root;

  /** The folder at a path. */
  OutputFolder(String location) {
    this.location = location;
    this.root = FileSystems.matchNewResource(location, true);
    if (location.matches(".*[*?\\[\\]{}].*")) {
      throw new UsageException(
          "--output is " + location + ", must be a path without any of * ? [ ] { }");
    }
  }

  /**
   * Refuses a folder that is not empty, unless all in it is ours and may go.
   *
   * @param overwrite whether it may go
   */
  void claim(boolean overwrite) throws IOException {
    claim(overwrite, "");
  }

  /**
   * Refuses a folder that is not empty, unless all in it is ours and may go, or it is what the same
   * run has left unfinished.
   *
   * @param overwrite whether it may go
   * @param run the key of the run that wants the folder
   * @return how many shards are complete, where the same run has begun already
   */
  OptionalInt claim(boolean overwrite, String run) throws IOException {
    List<ResourceId> files = list();
    if (files.isEmpty()) {
      return OptionalInt.empty();
    }
    List<String> foreign =
        files.stream().map(this::path).filter(path -> !OURS.matcher(path).matches()).toList();
    if (!foreign.isEmpty()) {
      throw new UsageException(
          String.format(
              "the output %s holds %s that Millrace did not write, as %s; %s",
              location,
              foreign.size() == 1 ? "a file" : "files",
              foreign.get(0),
              "name another --output, or remove them yourself"));
    }
    boolean sealed = files.stream().map(this::path).anyMatch(Manifest.FILE_NAME::equals);
    if (!overwrite && !sealed && isOf(run, files)) {
      return OptionalInt.of(DatasetFolder.completeShards(files.stream().map(this::path).toList()));
    }
    if (!overwrite) {
      throw new UsageException(
          String.format(
              sealed
                  ? "the output %1$s is already done: it holds a %2$s; name another --output, give"
                      + " --overwrite to make it anew, or check it with millrace verify"
                  : "the output %1$s is unfinished, and not by this run: it holds files but no"
                      + " %2$s. The same command over the same input goes on where it stopped; give"
                      + " --overwrite to begin anew, or name another --output",
              location,
              Manifest.FILE_NAME));
    }
    clear(files);
    return OptionalInt.empty();
  }

  /** Whether a run has begun in the folder, and no other one. */
  private boolean isOf(String run, List<ResourceId> files) {
    List<String> runs =
        files.stream()
            .map(this::path)
            .filter(path -> path.startsWith(TEMP) && path.contains("/"))
            .map(path -> path.substring(TEMP.length(), path.indexOf('/')))
            .distinct()
            .toList();
    return runs.equals(List.of(run));
  }

  /**
   * Leaves a mark that a run has begun.
   *
   * @throws UsageException where no file can be made
   */
  void begin(String run) {
    create(
        root.resolve(TEMP + run, StandardResolveOptions.RESOLVE_DIRECTORY)
            .resolve("begun", StandardResolveOptions.RESOLVE_FILE));
  }

  /** Refuses a folder in which no file can be made. */
  void refuseUnwritable() throws IOException {
    ResourceId probe = root.resolve(TEMP + UUID.randomUUID(), StandardResolveOptions.RESOLVE_FILE);
    create(probe);
    FileSystems.delete(List.of(probe));
  }

  private void create(ResourceId file) {
    try {
      FileSystems.create(file, MimeTypes.BINARY).close();
    } catch (IOException e) {
      throw new UsageException(
          String.format(
              "the output %s cannot be written (%s); name another --output, or see to its rights",
              location, e.getMessage()),
          e);
    }
  }

  /** The manifest goes first: without it, whatever is left counts for nothing. */
  private void clear(List<ResourceId> files) throws IOException {
    FileSystems.delete(
        files.stream().filter(file -> path(file).equals(Manifest.FILE_NAME)).toList());
    FileSystems.delete(
        files.stream().filter(file -> !path(file).equals(Manifest.FILE_NAME)).toList());
    TreeSet<String> folders = new TreeSet<>(Comparator.reverseOrder());
    for (ResourceId file : files) {
      String path = path(file);
      for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
        folders.add(root + path.substring(0, end + 1));
      }
    }
    for (String folder : folders) {
      FileSystems.delete(
          List.of(FileSystems.matchNewResource(folder, true)),
          StandardMoveOptions.IGNORE_MISSING_FILES);
    }
  }

  private List<ResourceId> list() throws IOException {
    return FileLookup.match(root + "**").stream()
        .map(MatchResult.Metadata::resourceId)
        .filter(file -> !file.isDirectory())
        .sorted(Comparator.comparing(ResourceId::toString))
        .toList();
  }

  private String path(ResourceId file) {
    String name = file.toString();
    return name.startsWith(root.toString()) ? name.substring(root.toString().length()) : name;
  }

  /**
   * Refuses an output that holds one of the sources: it would be cleared.
   *
   * @param sources folders, files, or what files begin with
   */
  void refuseAround(List<String> sources) {
    for (String source : sources) {
      if (source.startsWith(root.toString())) {
        throw new UsageException(
            String.format(
                "the source %s lies in the output %s; name another --output", source, location));
      }
    }
  }

  /**
   * Refuses an output that a later run would take for input.
   *
   * @param inputs the folders and patterns of the input
   */
  void refuseWithin(List<String> inputs) {
    for (String input : inputs) {
      boolean recursive = input.contains("**");
      boolean folder = !input.matches(".*[*?\\[\\]{}].*");
      String top = recursive ? input.substring(0, input.indexOf("**")) : input;
      if (recursive || folder) {
        String above = FileSystems.matchNewResource(top.isEmpty() ? "." : top, true).toString();
        if (root.toString().startsWith(above)) {
          throw new UsageException(
              String.format(
                  "the output %s lies in the input %s, and would be read by the next run; name an"
                      + " --output outside of it",
                  location, input));
        }
      }
    }
  }
}
