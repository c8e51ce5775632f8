package org.millrace.runners;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.PlannedInput;

/**
 * What a run is going to read.
 *
 * @param members the files, folders and patterns that were asked for
 * @param input what they lead to
 */
record InputSummary(List<String> members, PlannedInput input) {

  private static final int SKIPPED_SHOWN = 3;

  /** What a plan is going to read, where the job says that it is. */
  static InputSummary of(DatasetPlan plan, Job job) throws IOException {
    try {
      return new InputSummary(members(job.input()), plan.input());
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  /** An input as every process understands it, wherever it was started. */
  static String absolute(String input) {
    return String.join(",", members(input).stream().map(Home::absolute).toList());
  }

  /** Splits at commas, but not within braces, and not the name of a file that is there. */
  private static List<String> members(String input) {
    if (Files.exists(Path.of(input))) {
      return List.of(input);
    }
    List<String> members = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= input.length(); i++) {
      char c = i < input.length() ? input.charAt(i) : ',';
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (c == ',' && (depth == 0 || i == input.length())) {
        members.add(input.substring(start, i).strip());
        start = i + 1;
      }
    }
    members.removeIf(String::isEmpty);
    return members;
  }

  long bytes() {
    return input.listing().bytes();
  }

  /** How much it is, in words. */
  String describe() {
    return Amounts.of(input.listing().files(), "file", "files") + ", " + Amounts.bytes(bytes());
  }

  /** Which files are passed over, in words, where there are some. */
  Optional<String> skipped() {
    List<String> skipped = input.skipped();
    if (skipped.isEmpty()) {
      return Optional.empty();
    }
    String names = String.join(", ", skipped.subList(0, Math.min(SKIPPED_SHOWN, skipped.size())));
    return Optional.of(
        String.format(
            "passed over, as their names tell no format: %s: %s%s",
            Amounts.of(skipped.size(), "file", "files"),
            names,
            skipped.size() > SKIPPED_SHOWN ? ", ..." : ""));
  }
}
