package org.millrace.runners;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;

/**
 * What a run is going to read.
 *
 * @param roots the folders and patterns that were asked for
 * @param files how many files they lead to
 * @param bytes their size
 */
record InputSummary(List<String> roots, long files, long bytes) {

  /** The parts of an input, each as every process understands it. */
  static String absolute(String input) {
    return Arrays.stream(input.split(",", -1))
        .map(String::strip)
        .map(Home::absolute)
        .collect(Collectors.joining(","));
  }

  static InputSummary of(String input) throws IOException {
    List<String> roots = List.of(input.split(",", -1));
    long files = 0;
    long bytes = 0;
    for (String root : roots) {
      List<MatchResult.Metadata> found =
          new ArrayList<>(FileSystems.match(root, EmptyMatchTreatment.ALLOW).metadata());
      if (found.isEmpty() || found.get(0).resourceId().isDirectory()) {
        String folder = FileSystems.matchNewResource(root, true).toString();
        found = FileSystems.match(folder + "**", EmptyMatchTreatment.ALLOW).metadata();
      }
      if (found.isEmpty()) {
        throw new UsageException("no input: " + root + " leads to no file");
      }
      files += found.size();
      bytes += found.stream().mapToLong(MatchResult.Metadata::sizeBytes).sum();
    }
    return new InputSummary(roots, files, bytes);
  }

  String describe() {
    return Amounts.of(files, "file", "files") + ", " + Amounts.bytes(bytes);
  }

  Optional<String> skipped() {
    return Optional.empty();
  }
}
