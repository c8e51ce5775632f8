package org.millrace.io.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.millrace.io.file.FileLookup;

/**
 * What a file, a folder or a glob names.
 *
 * @param root the folder that paths are relative to, with a slash at its end
 * @param files in no order
 * @param folder whether all files of a folder are meant
 */
record InputMatch(String root, List<Metadata> files, boolean folder) {

  private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][-a-zA-Z0-9+.]+):(//[^/]*)?.*");
  private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

  /** What is named by a whole specification, or by the members of a comma list. */
  static List<InputMatch> all(String spec) throws IOException {
    InputMatch literal = literal(spec);
    if (!literal.files.isEmpty()) {
      return List.of(literal);
    }
    List<InputMatch> matches = new ArrayList<>();
    for (String member : members(spec)) {
      InputMatch match = literal(member);
      match = match.files.isEmpty() ? glob(member) : match;
      if (match.files.isEmpty()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "input %s: no file there; give a file, a folder, a glob such as"
                    + " 'data/**.jsonl.zst', or a comma list of them",
                member));
      }
      matches.add(match);
    }
    return matches;
  }

  /** Splits at commas, but not inside of braces. */
  private static List<String> members(String spec) {
    List<String> members = new ArrayList<>();
    StringBuilder member = new StringBuilder();
    int depth = 0;
    for (char c : (spec + ",").toCharArray()) {
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (c != ',' || depth > 0) {
        member.append(c);
      } else {
        if (!member.toString().isBlank()) {
          members.add(member.toString().strip());
        }
        member.setLength(0);
      }
    }
    if (members.isEmpty() || depth > 0) {
      throw new IllegalArgumentException(
          "input '" + spec + "': expected a file, a folder, a glob, or a comma list of them");
    }
    return members;
  }

  private static boolean isLocal(String path) {
    Matcher scheme = SCHEME.matcher(path);
    return !scheme.matches() || scheme.group(1).equals("file");
  }

  /** The absolute, normal form of a local path; others as they are. */
  private static String normal(String path) {
    if (!isLocal(path)) {
      return path;
    }
    // Beam takes a path with a slash at its end for a folder only.
    String plain = path.replaceFirst("^file:(//)?", "").replaceFirst("(?<=.)/+$", "");
    return FileSystems.matchNewResource(plain, false).toString();
  }

  private static InputMatch literal(String path) throws IOException {
    String normal = normal(path);
    boolean local = isLocal(path);
    InputMatch none = new InputMatch("", List.of(), false);
    // A local path may hold wildcards and still be a name; elsewhere that cannot be asked for.
    boolean name = local ? Files.exists(Path.of(normal)) : !GLOB.matcher(path).find();
    if (path.isBlank() || !name) {
      return none;
    }
    String bare = normal.endsWith("/") ? normal.substring(0, normal.length() - 1) : normal;
    boolean authorityOnly = !local && bare.indexOf('/', bare.indexOf("://") + 3) < 0;
    List<Metadata> found = authorityOnly ? List.of() : FileLookup.match(local ? normal : bare);
    if (found.size() == 1 && !found.get(0).resourceId().isDirectory()) {
      return new InputMatch(bare.substring(0, bare.lastIndexOf('/') + 1), found, false);
    }
    // Object stores have no folders, so only the files in it show that there is one.
    String folder = bare + "/";
    return new InputMatch(folder, files((local ? quoted(folder) : folder) + "**"), true);
  }

  private static InputMatch glob(String path) throws IOException {
    String normal = normal(path);
    Matcher wildcard = GLOB.matcher(normal);
    int literal = wildcard.find() ? wildcard.start() : normal.length();
    return new InputMatch(
        normal.substring(0, normal.lastIndexOf('/', literal) + 1), files(normal), false);
  }

  /** A local path in which no character is a wildcard: Beam knows no escapes there but classes. */
  private static String quoted(String path) {
    return path.replaceAll("[*?\\[{}]", "[$0]");
  }

  /** Files alone: some object stores mark folders by an object whose name ends in a slash. */
  private static List<Metadata> files(String spec) throws IOException {
    return FileLookup.match(spec).stream()
        .filter(found -> !found.resourceId().isDirectory())
        .toList();
  }

  /** A file's path below a folder. */
  static String relative(String folder, String resource) {
    if (resource.startsWith(folder)) {
      return resource.substring(folder.length());
    }
    // hdfs:///data may be matched as hdfs://host:8020/data.
    return withoutAuthority(resource).substring(withoutAuthority(folder).length());
  }

  private static String withoutAuthority(String path) {
    Matcher scheme = SCHEME.matcher(path);
    boolean found = scheme.matches();
    int start = !found ? 0 : scheme.group(2) != null ? scheme.end(2) : scheme.end(1) + 1;
    return path.substring(start);
  }
}
