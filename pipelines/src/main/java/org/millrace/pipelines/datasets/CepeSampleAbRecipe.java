package org.millrace.pipelines.datasets;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.util.List;
import java.util.Optional;
import org.millrace.pipelines.recipe.Setting;

/** What decides the output of the {@code cepe-sample-ab} pipeline. */
public record CepeSampleAbRecipe(
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
    @Setting(doc = "The tokens of a sample.", min = 2, max = 1 << 24) int totalTokens,
    @Setting(
            doc =
                "How many of them, the last ones, are token_ids; those before are prev_token_ids."
                    + " Windows of a document begin at this distance.",
            min = 1,
            max = 1 << 24)
        int decoderTokens,
    @Setting(doc = "How many samples are wanted.") SampleTargets samples,
    @Setting(
            doc =
                "The number of ids there are; null takes it from the manifest in the input, or from"
                    + " --tokenizer.",
            min = 1,
            max = 1 << 30)
        Optional<Integer> vocabularySize,
    @Setting(doc = "How samples are written.") WindowOutput output) {

  public CepeSampleAbRecipe {
    checkArgument(
        decoderTokens < totalTokens,
        "decoder_tokens must be below total_tokens, %s, was %s",
        totalTokens,
        decoderTokens);
    DomainShare.parse(domains);
  }
}
