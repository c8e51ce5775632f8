package org.millrace.pipelines.datasets;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.Column;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.shard.Manifest;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredShards;
import org.millrace.io.verify.StoredDataset;

/**
 * The windows of one domain and split, in MDS, whoever wrote it: a folder with shards.
 *
 * @param name of its part of the dataset, as "train/arxiv"
 * @param domain the name of its domain, where its samples do not say it
 * @param shards its shards
 * @param columns of its samples
 */
record StoredWindows(String name, String domain, StoredShards shards, List<Column> columns)
    implements Serializable {

  private static final String FOLDER = MdsIO.FORMAT + "/";

  StoredWindows {
    columns = List.copyOf(columns);
  }

  /**
   * All folders with shards at a place, or below it.
   *
   * @param location a folder of MDS, one that holds such folders, or a dataset of Millrace
   * @throws IllegalArgumentException when there is none
   * @throws IOException when one is damaged
   */
  static List<StoredWindows> at(String location) throws IOException {
    StoredFolder folder = StoredFolder.list(location);
    refuseIncomplete(folder);
    List<Finding> findings = new ArrayList<>();
    SortedMap<String, List<StoredFile>> folders = new TreeMap<>();
    for (List<StoredFile> shard : MdsIO.format().shards(folder, findings::add)) {
      StoredFile file = shard.get(0);
      int end = Math.max(0, file.path().length() - file.name().length() - 1);
      folders.computeIfAbsent(file.path().substring(0, end), path -> new ArrayList<>()).add(file);
    }
    if (!findings.isEmpty()) {
      throw new IOException(location + " is damaged: " + findings.get(0));
    }
    checkArgument(!folders.isEmpty(), "%s: expected shards of MDS, got none", location);
    List<StoredWindows> windows = new ArrayList<>();
    for (var each : folders.entrySet()) {
      String name = name(each.getKey(), folder.location());
      StoredShards.Opened opened = StoredShards.open(MdsIO.format(), each.getValue());
      windows.add(
          new StoredWindows(
              name, name.substring(name.lastIndexOf('/') + 1), opened.shards(), opened.columns()));
    }
    return windows;
  }

  private static void refuseIncomplete(StoredFolder folder) throws IOException {
    Optional<StoredDataset> dataset = StoredDataset.in(folder);
    if (dataset.isPresent()) {
      for (Manifest.Output output : dataset.get().manifest().outputs()) {
        if (output.format().equals(MdsIO.FORMAT)) {
          dataset.get().refuseIncomplete(output);
        }
      }
    }
  }

  /** Without the folder of the format; a folder of shards alone is called as it is itself. */
  private static String name(String path, String location) {
    String below = (path + "/").startsWith(FOLDER) ? (path + "/").substring(FOLDER.length()) : path;
    String name = below.replaceFirst("/$", "");
    if (!name.isEmpty()) {
      return name;
    }
    String[] parts = location.replaceFirst("/$", "").split("/", -1);
    String last = parts[parts.length - 1];
    return last.equals(MdsIO.FORMAT) && parts.length > 1 ? parts[parts.length - 2] : last;
  }

  /** The column of a name, where there is one. */
  Optional<Column> column(String column) {
    return columns.stream().filter(each -> each.name().equals(column)).findFirst();
  }

  /**
   * The column of a window's own tokens.
   *
   * @throws IllegalArgumentException when there is none
   */
  String tokenColumn() {
    for (String known : List.of(Column.TOKEN_IDS, Column.TOKENS, "input_ids")) {
      if (column(known).isPresent()) {
        return known;
      }
    }
    throw new IllegalArgumentException(
        "%s: expected a column token_ids or tokens, got the columns %s".formatted(name, columns));
  }
}
