package org.millrace.runners;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.millrace.io.file.FileListing;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Job;
import org.millrace.transforms.hash.StableHash;

/**
 * What tells a run from all others: the recipe with all its values, the tokenizer, the model, the
 * files of the input with their sizes and times, and the version of Millrace. Where all of it is
 * the same, an unfinished run may go on. It never reaches an output.
 */
final class RunKey {

  private static final int BYTES = 16;

  private RunKey() {}

  /** 32 hexadecimal digits. */
  static String of(DatasetPlan plan, Job job) throws IOException {
    ManifestHeader header = plan.header();
    List<String> parts =
        List.of(
            Optional.ofNullable(RunKey.class.getPackage().getImplementationVersion()).orElse(""),
            header.recipeSha256(),
            header.tokenizer().sha256(),
            header.tokenizer().engine(),
            job.model().isEmpty() ? "" : FileListing.below(List.of(job.model())).fingerprint(),
            job.input(),
            plan.input().listing().fingerprint());
    byte[] digest =
        StableHash.sha256().digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, BYTES);
  }
}
