package org.millrace.io.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * Looks files up by Beam's file systems.
 *
 * <p>Beam's local file system answers for a path that does not exist by walking through all that is
 * below the folder it would be in, which may be the whole machine. So such a path is asked for here
 * first.
 */
public final class FileLookup {

  private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

  private FileLookup() {}

  /**
   * The files and folders that a path or a pattern matches; none is no error.
   *
   * @param spec as Beam's file systems name it
   */
  public static List<Metadata> match(String spec) throws IOException {
    if (!WILDCARD.matcher(spec).find()) {
      ResourceId resource = FileSystems.matchNewResource(spec, spec.endsWith("/"));
      if (resource.getScheme().equals("file") && !Files.exists(Path.of(resource.toString()))) {
        return List.of();
      }
    }
    return FileSystems.match(spec, EmptyMatchTreatment.ALLOW).metadata();
  }
}
