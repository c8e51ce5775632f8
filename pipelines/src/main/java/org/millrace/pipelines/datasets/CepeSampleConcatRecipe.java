package org.millrace.pipelines.datasets;

import java.util.List;
import java.util.Optional;
import org.millrace.pipelines.recipe.Setting;

/** What decides the output of the {@code cepe-sample-concat} pipeline. */
public record CepeSampleConcatRecipe(
    @Setting(doc = "Seed of the splits, of which windows are taken, and of their order.")
        long seed,
    @Setting(
            doc =
                "Whether the run goes on where a split of a domain has fewer windows than wanted,"
                    + " and takes all there are.",
            defaultsTo = "false")
        boolean allowShort,
    @Setting(
            doc =
                "The domains, each the name of a folder in the paths of its files, with its share of"
                    + " all samples.")
        List<String> domains,
    @Setting(
            doc = "The tokens of prev_token_ids, which come before those of token_ids.",
            min = 1,
            max = 1 << 24)
        int encoderTokens,
    @Setting(
            doc =
                "The tokens of token_ids. Windows of a file, whose documents are taken as one stream,"
                    + " begin at this distance.",
            min = 1,
            max = 1 << 24)
        int decoderTokens,
    @Setting(doc = "How many samples are wanted.") SampleTargets samples,
    @Setting(doc = "A corpus to look passages up in; needs --tokenizer.")
        Optional<Retrieval> retrieval,
    @Setting(
            doc =
                "The number of ids there are; null takes it from the manifest in the input, or from"
                    + " --tokenizer.",
            min = 1,
            max = 1 << 30)
        Optional<Integer> vocabularySize,
    @Setting(doc = "How samples are written.") WindowOutput output) {

  public CepeSampleConcatRecipe {
    DomainShare.parse(domains);
  }

  /** A corpus to look passages up in. */
  public record Retrieval(
      @Setting(
              doc = "The tokens of a passage; its neighbor has as many, or what is left.",
              defaultsTo = "512",
              min = 1,
              max = 1 << 17)
          int chunkTokens,
      @Setting(
              doc = "How many parts there are, each a folder with a file for each domain.",
              defaultsTo = "100",
              min = 1,
              max = 10_000)
          int shards,
      @Setting(
              doc =
                  "The passages of a part, of all domains; each has its weight's part, rounded"
                      + " down.",
              defaultsTo = "2000000",
              min = 1,
              max = 1L << 32)
          long passagesPerShard) {}
}
