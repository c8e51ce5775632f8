package org.millrace.io.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.megatron.IndexRepair;
import org.millrace.io.megatron.MegatronIO;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;

/**
 * Makes index files anew from what they index; files of samples are never changed.
 *
 * <p>A Megatron {@code .idx} is written from its lengths. Where that changes it, the old one is
 * kept beside it as {@code .idx.damaged}, and the new one takes its place in one step. An {@code
 * index.json} of MDS that is lost is written from the shards, in each folder of them.
 */
public final class DatasetRepair {

  private static final String INDEX = "index.json";
  private static final String IDX = ".idx";
  private static final String DAMAGED = ".damaged";

  /** What was done with a file. */
  public enum Outcome {
    /** Nothing was wrong with it. */
    SOUND,
    /** It was made anew. */
    REPAIRED,
    /** It cannot be made anew. */
    REFUSED
  }

  /**
   * What was done with a file, and why.
   *
   * @param file its path
   * @param text for people
   */
  public record Action(String file, Outcome outcome, String text) {
    @Override
    public String toString() {
      return file + ": " + text;
    }
  }

  /** All that was done, by file. */
  public record Result(List<Action> actions) {

    public Result {
      actions = List.copyOf(actions);
    }

    /** Whether any file was made anew. */
    public boolean changed() {
      return actions.stream().anyMatch(action -> action.outcome == Outcome.REPAIRED);
    }

    /** Whether any file cannot be made anew. */
    public boolean failed() {
      return actions.stream().anyMatch(action -> action.outcome == Outcome.REFUSED);
    }
  }

  private final StoredFolder folder;
  private final List<Action> actions = new ArrayList<>();

  private DatasetRepair(StoredFolder folder) {
    this.folder = folder;
  }

  /** Repairs what can be repaired. Files of other formats are left alone. */
  public static Result of(StoredFolder folder) throws IOException {
    DatasetRepair repair = new DatasetRepair(folder);
    for (StoredFile file : folder.files()) {
      if (file.path().endsWith(IDX)) {
        repair.pair(file);
      }
    }
    repair.mds();
    return new Result(repair.actions);
  }

  private void mds() throws IOException {
    Set<String> wrong = new TreeSet<>();
    List<List<StoredFile>> shards =
        MdsIO.format().shards(folder, finding -> wrong.add(finding.file()));
    wrong.removeIf(path -> !path.endsWith(INDEX));
    for (String path : wrong) {
      rebuild(path);
    }
    if (!shards.isEmpty() && wrong.isEmpty()) {
      add(INDEX, Outcome.SOUND, "sound: it is where the shards of MDS need it");
    }
  }

  private void rebuild(String path) throws IOException {
    if (folder.find(path).isPresent()) {
      add(path, Outcome.REFUSED, "not touched: only one that is lost is made anew; move it away");
      return;
    }
    String place = path.substring(0, path.length() - INDEX.length());
    ResourceId index = FileSystems.matchNewResource(folder.location() + path, false);
    try {
      byte[] json = MdsIO.rebuildIndex(StoredFolder.list(folder.location() + place));
      ResourceId repaired = beside(index, INDEX + ".repaired");
      try (OutputStream out =
          Channels.newOutputStream(FileSystems.create(repaired, MimeTypes.BINARY))) {
        out.write(json);
      }
      FileSystems.rename(List.of(repaired), List.of(index));
      add(path, Outcome.REPAIRED, "made anew from the shards");
    } catch (IOException e) {
      add(path, Outcome.REFUSED, "cannot be made anew: " + e.getMessage());
    }
  }

  private void pair(StoredFile idx) throws IOException {
    String stem = idx.path().substring(0, idx.path().length() - IDX.length());
    List<StoredFile> parts =
        folder.files().stream().filter(file -> isBin(file.path(), stem + ".bin")).toList();
    if (parts.isEmpty()) {
      add(idx.path(), Outcome.REFUSED, "cannot be repaired: its .bin is missing");
      return;
    }
    if (folder.find(idx.path() + DAMAGED).isPresent()) {
      add(
          idx.path(),
          Outcome.REFUSED,
          "not touched: " + idx.name() + DAMAGED + " is there already");
      return;
    }
    ResourceId repaired = beside(idx.resource(), idx.name() + ".repaired");
    IndexRepair found;
    try (OutputStream out =
        Channels.newOutputStream(FileSystems.create(repaired, MimeTypes.BINARY))) {
      long bytes = parts.stream().mapToLong(StoredFile::bytes).sum();
      found = MegatronIO.repairIndex(idx, bytes, out);
    } catch (IOException e) {
      delete(repaired);
      add(
          idx.path(),
          Outcome.REFUSED,
          "cannot be repaired: " + withoutPath(e.getMessage(), idx.path()));
      return;
    }
    if (found.changed()) {
      replace(idx, repaired);
      add(idx.path(), Outcome.REPAIRED, text(found));
    } else {
      delete(repaired);
      add(idx.path(), Outcome.SOUND, "sound: its pointers and documents are right");
    }
  }

  /** Whether a file is the whole, or a part, as "a.bin.000". */
  private static boolean isBin(String path, String bin) {
    return path.equals(bin)
        || (path.startsWith(bin + ".") && path.substring(bin.length() + 1).matches("[0-9]+"));
  }

  private static String text(IndexRepair found) {
    return "written anew: "
        + found.sequences()
        + " sequences, pointers corrected: "
        + found.pointers()
        + ", documents added: "
        + found.documents()
        + ", bytes left out: "
        + found.bytes()
        + "; the old one is kept as .idx.damaged";
  }

  /** At every moment there is an index in its place, and the old one is never lost. */
  private static void replace(StoredFile idx, ResourceId repaired) throws IOException {
    ResourceId damaged = beside(idx.resource(), idx.name() + DAMAGED);
    try (InputStream in = idx.stream();
        OutputStream out =
            Channels.newOutputStream(FileSystems.create(damaged, MimeTypes.BINARY))) {
      in.transferTo(out);
    }
    FileSystems.rename(List.of(repaired), List.of(idx.resource()));
  }

  private static ResourceId beside(ResourceId file, String name) {
    return file.getCurrentDirectory().resolve(name, StandardResolveOptions.RESOLVE_FILE);
  }

  private static void delete(ResourceId file) throws IOException {
    FileSystems.delete(List.of(file), StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  private static String withoutPath(String message, String path) {
    String text = String.valueOf(message);
    return text.startsWith(path + ": ") ? text.substring(path.length() + 2) : text;
  }

  private void add(String file, Outcome outcome, String text) {
    actions.add(new Action(file, outcome, text));
  }
}
