package org.millrace.io.document;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.millrace.io.file.FileListing;
import org.millrace.io.file.NumberSelector;

/**
 * The files of an input, sorted by their paths relative to the input's root, each once.
 *
 * <p>An input is a file, a folder with all that is below it, a glob, or a comma list of these. What
 * exists just as it is written is taken so, be there wildcards or commas in its name. The root is a
 * folder itself, the folder of a file, the last folder before the first wildcard of a glob, and of
 * a list the longest folder common to its members' roots. Only what is below the root gets into
 * ids.
 *
 * <p>In folders, what begins with a dot or an underscore is passed over; so are files whose format
 * cannot be told, but {@link #skipped} lists these.
 *
 * <pre>{@code
 * InputFiles files = InputFiles.match("data/*.jsonl.zst", DocumentFormat.AUTO);
 * }</pre>
 */
public final class InputFiles {

  private final List<InputFile> files;
  private final List<String> skipped;
  private final FileListing listing;

  private InputFiles(List<InputFile> files, List<String> skipped, FileListing listing) {
    this.files = files;
    this.skipped = skipped;
    this.listing = listing;
  }

  /**
   * Finds the files of an input.
   *
   * @throws IllegalArgumentException if there is none, or a file that was named has an unknown
   *     format
   */
  public static InputFiles match(String spec, DocumentFormat format) throws IOException {
    return match(spec, format, Optional.empty());
  }

  /**
   * Finds those files of an input that are selected by their numbers.
   *
   * @throws IllegalArgumentException if there is none, a file that was named has an unknown format,
   *     or one that is to be selected or not has no number
   */
  public static InputFiles match(
      String spec, DocumentFormat format, Optional<NumberSelector> selector) throws IOException {
    return match(
        spec,
        new Names(
            path -> format.of(path).isPresent(),
            ".jsonl .ndjson .json .txt, each also with .gz .zst .bz2 .xz, and .parquet",
            "; set read.format to jsonl, parquet or text"),
        selector);
  }

  /**
   * Finds the files of an input of which the names end in one of {@code extensions}.
   *
   * @param extensions with their dots
   * @throws IllegalArgumentException if there is none, or a file that was named has another
   */
  public static InputFiles match(String spec, List<String> extensions) throws IOException {
    return match(
        spec,
        new Names(
            path -> extensions.stream().anyMatch(path::endsWith),
            String.join(" ", extensions),
            ""),
        Optional.empty());
  }

  /**
   * Which names are wanted.
   *
   * @param known tells whether a name is
   * @param list of their ends, for an error
   * @param fix what else may be done, for an error
   */
  private record Names(Predicate<String> known, String list, String fix) {}

  private static InputFiles match(
      String spec, Names names, Optional<NumberSelector> selector) throws IOException {
    List<InputMatch> matches = InputMatch.all(spec);
    String root = commonFolder(matches);
    TreeMap<String, Metadata> byPath = new TreeMap<>();
    TreeSet<String> skipped = new TreeSet<>();
    for (InputMatch match : matches) {
      for (Metadata file : match.files()) {
        String resource = file.resourceId().toString();
        String path = InputMatch.relative(root, resource);
        if (match.folder() && isHidden(InputMatch.relative(match.root(), resource))) {
          continue;
        }
        if (names.known.test(path)) {
          byPath.put(path, file);
        } else if (match.folder()) {
          skipped.add(path);
        } else {
          throw new IllegalArgumentException(unknown(resource, names));
        }
      }
    }
    skipped.removeAll(byPath.keySet());
    if (byPath.isEmpty()) {
      throw new IllegalArgumentException(nothing(spec, skipped, names));
    }
    select(spec, byPath, selector);
    return new InputFiles(ranked(byPath), List.copyOf(skipped), FileListing.of(byPath));
  }

  private static void select(
      String spec, SortedMap<String, Metadata> byPath, Optional<NumberSelector> selector) {
    if (selector.isEmpty()) {
      return;
    }
    int files = byPath.size();
    byPath.keySet().removeIf(path -> !selector.get().selects(path));
    if (byPath.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "input %s: of %d files none has a number n with n mod %d == %d",
              spec,
              files,
              selector.get().modulus(),
              selector.get().remainder()));
    }
  }

  private static List<InputFile> ranked(SortedMap<String, Metadata> byPath) {
    List<InputFile> files = new ArrayList<>(byPath.size());
    byPath.forEach(
        (path, file) ->
            files.add(
                new InputFile(
                    path,
                    file.resourceId().toString(),
                    file.sizeBytes(),
                    files.size(),
                    byPath.size())));
    return List.copyOf(files);
  }

  private static String commonFolder(List<InputMatch> matches) {
    String common = matches.get(0).root();
    for (InputMatch match : matches) {
      String root = match.root();
      while (!root.startsWith(common)) {
        common = common.substring(0, common.lastIndexOf('/', common.length() - 2) + 1);
      }
    }
    return common;
  }

  private static boolean isHidden(String path) {
    return path.startsWith(".")
        || path.startsWith("_")
        || path.contains("/.")
        || path.contains("/_");
  }

  private static String unknown(String resource, Names names) {
    return String.format(
        Locale.ROOT,
        "input %s: its name tells no format (known: %s)%s",
        resource,
        names.list,
        names.fix);
  }

  private static String nothing(String spec, SortedSet<String> skipped, Names names) {
    return skipped.isEmpty()
        ? "input " + spec + ": the folder holds no file"
        : String.format(
            Locale.ROOT,
            "input %s: no file there has a known format, as %s%s",
            spec,
            skipped.first(),
            names.fix);
  }

  /** The files, by rank. */
  public List<InputFile> files() {
    return files;
  }

  /**
   * Names for what is made of each file.
   *
   * @throws IllegalArgumentException when two files would have one name
   */
  public InputNames names() {
    return InputNames.of(files.stream().map(InputFile::relativePath).toList());
  }

  /** The relative paths of files in folders that are not read, as their names tell no format. */
  public List<String> skipped() {
    return skipped;
  }

  /** The files as a whole. */
  public FileListing listing() {
    return listing;
  }
}
