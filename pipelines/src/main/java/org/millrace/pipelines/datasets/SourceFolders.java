package org.millrace.pipelines.datasets;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Tells by the folders that a file is in which source of a mixture it belongs to. */
final class SourceFolders {

  private final Map<String, Pattern> patterns = new LinkedHashMap<>();

  SourceFolders(List<MixRecipe.Source> sources) {
    sources.forEach(source -> patterns.put(source.name(), regex(source.pattern())));
  }

  /**
   * The source of a file; empty where it is in no source's folder.
   *
   * @param path from the input's root, with slashes
   * @throws IllegalArgumentException where it is in those of two sources
   */
  Optional<String> of(String path) {
    List<String> found = new ArrayList<>();
    patterns.forEach(
        (name, pattern) -> {
          if (isIn(path, pattern)) {
            found.add(name);
          }
        });
    if (found.size() > 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s is in folders of %d sources: %s; give them folders that tell them apart, or an"
                  + " --input further down",
              path,
              found.size(),
              String.join(", ", found)));
    }
    return found.stream().findFirst();
  }

  private static boolean isIn(String path, Pattern folder) {
    int start = 0;
    for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', start)) {
      if (folder.matcher(path.substring(start, end)).matches()) {
        return true;
      }
      start = end + 1;
    }
    return false;
  }

  /**
   * Makes sure that each source has files.
   *
   * @param paths of the input's files
   */
  void check(List<String> paths) {
    TreeSet<String> found = new TreeSet<>();
    TreeSet<String> folders = new TreeSet<>();
    for (String path : paths) {
      of(path).ifPresent(found::add);
      folders.add(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
    }
    List<String> missing = patterns.keySet().stream().filter(n -> !found.contains(n)).toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "no file of the input is in a folder of %s; the input's folders are %s; set"
                  + " sources, or give an --input that holds all of them",
              String.join(", ", missing),
              folders));
    }
  }

  /** A pattern of a folder's name: star, question mark, and choices in braces. */
  private static Pattern regex(String pattern) {
    StringBuilder regex = new StringBuilder();
    boolean choice = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        case '{' -> regex.append("(?:");
        case '}' -> regex.append(')');
        case ',' -> regex.append(choice ? "|" : ",");
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
      choice = c == '{' || (choice && c != '}');
    }
    return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
  }
}
