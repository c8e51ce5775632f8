package org.millrace.runners;

import java.nio.file.Path;

/** The folder of Millrace itself, from which recipes' defaults count. */
final class Home {

  private Home() {}

  /** A path from the folder of Millrace. */
  static Path resolve(String path) {
    return Path.of(System.getProperty("millrace.home", "."))
        .toAbsolutePath()
        .normalize()
        .resolve(path);
  }

  /** A path in a short form that means the same here: relative where it is below this folder. */
  static String shown(String path) {
    String here = Path.of("").toAbsolutePath() + "/";
    return path.startsWith(here) && !path.contains(",") ? path.substring(here.length()) : path;
  }

  /**
   * A path of the command line as every process understands it: absolute where it is local, and
   * with the user's own folder for a tilde, which shells leave alone behind an equals sign.
   */
  static String absolute(String path) {
    if (path.matches("[A-Za-z][A-Za-z0-9+.-]*://.*")) {
      return path;
    }
    String local = path.replaceFirst("^~(?=/|$)", System.getProperty("user.home"));
    String folder = local.endsWith("/") && local.length() > 1 ? "/" : "";
    return Path.of(local).toAbsolutePath().normalize() + folder;
  }
}
