package org.millrace.io.document;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names for what is made of each input file: its relative path without the suffixes that tell
 * compression and format, as {@code arxiv/x.1} for {@code arxiv/x.1.jsonl.gz}. What some file
 * system, a pattern or a shell does not take for a part of a name is percent-encoded: all but
 * letters, digits and {@code . _ - + = @ , ~}.
 *
 * @param paths the relative paths of the input files, by rank
 * @param names those of the results, by rank; no two are alike
 */
public record InputNames(List<String> paths, List<String> names) implements Serializable {

  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{M}\\p{N}._+=@,~-]");

  public InputNames {
    paths = List.copyOf(paths);
    names = List.copyOf(names);
    checkArgument(
        paths.size() == names.size(), "%s files have %s names", paths.size(), names.size());
    Map<String, String> owners = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String other = owners.put(names.get(i), paths.get(i));
      checkArgument(
          other == null,
          "the input files %s and %s would both become %s; rename one of them",
          other,
          paths.get(i),
          names.get(i));
    }
  }

  /**
   * Names for files by their relative paths.
   *
   * @throws IllegalArgumentException when two would have one name
   */
  public static InputNames of(List<String> paths) {
    return new InputNames(paths, paths.stream().map(InputNames::name).toList());
  }

  private static String name(String path) {
    List<String> parts = new ArrayList<>(List.of(path.split("/", -1)));
    String last = parts.remove(parts.size() - 1);
    String bare = DocumentFormat.bareName(last);
    parts.replaceAll(InputNames::folder);
    parts.add(encoded(bare.isEmpty() ? last : bare));
    return String.join("/", parts);
  }

  /** Object stores take any text for a path, also one that leads up, or nowhere. */
  private static String folder(String name) {
    if (name.isEmpty()) {
      return percent("/");
    }
    return name.equals(".") || name.equals("..")
        ? percent(".").repeat(name.length())
        : encoded(name);
  }

  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    text.codePoints()
        .mapToObj(Character::toString)
        .forEach(c -> encoded.append(PLAIN.matcher(c).matches() ? c : percent(c)));
    return encoded.toString();
  }

  private static String percent(String character) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
      encoded.append(String.format(Locale.ROOT, "%%%02X", b & 0xFF));
    }
    return encoded.toString();
  }
}
