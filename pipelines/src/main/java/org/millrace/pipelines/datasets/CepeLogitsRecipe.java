package org.millrace.pipelines.datasets;

import java.util.List;
import java.util.Optional;
import org.millrace.pipelines.recipe.Setting;

/** What decides the output of the {@code cepe-logits} pipeline. */
public record CepeLogitsRecipe(
    @Setting(doc = "What is asked of the teacher, and what is kept of its answers.") Logits logits,
    @Setting(doc = "How the teacher is run.") TeacherSettings teacher,
    @Setting(doc = "What is written.") Output output) {

  /** What is asked, and kept. */
  public record Logits(
      @Setting(
              doc = "How many tokens are kept for each position, the most probable ones.",
              defaultsTo = "50",
              min = 1,
              max = 1 << 16)
          int topk,
      @Setting(
              doc =
                  "How many tokens of token_ids, or of tokens, have targets: the first ones; null"
                      + " takes all.",
              defaultsTo = "2048",
              min = 1,
              max = 1 << 20)
          Optional<Integer> decoderTokens,
      @Setting(
              doc =
                  "How many tokens of prev_token_ids the teacher reads before them: the last ones; 0"
                      + " for none.",
              defaultsTo = "2048",
              min = 0,
              max = 1 << 20)
          int encoderTokens,
      @Setting(
              doc =
                  "A dataset of the same samples with passages in retrieved_token_ids, which are read"
                      + " in place of prev_token_ids; null for none.")
          Optional<String> retrievalInput,
      @Setting(
              doc = "How many passages are read, the first ones.",
              defaultsTo = "8",
              min = 1,
              max = 1 << 16)
          int retrievalK,
      @Setting(
              doc = "Keeps natural logarithms of probabilities in place of probabilities.",
              defaultsTo = "false")
          boolean logProbabilities) {}

  /** What is written. */
  public record Output(
      @Setting(
              doc =
                  "How many shards each domain has; the unit that an interrupted run goes on with.",
              defaultsTo = "8",
              min = 1,
              max = 100_000)
          int numShards,
      @Setting(
              doc =
                  "What goes with the targets beside domain and index, their key: any of token_ids"
                      + " and prev_token_ids.",
              defaultsTo = "[]",
              mayBeEmpty = true)
          List<TokenColumn> columns,
      @Setting(
              doc =
                  "How arrays are kept: ndarray, which any reader may trust, or pkl, as CEPE's"
                      + " readers want them.",
              defaultsTo = "ndarray")
          ArrayForm arrays,
      @Setting(
              doc =
                  "The type of ids; uint16 takes a third less, and holds vocabularies up to 65536.",
              defaultsTo = "int32")
          TargetType indexDtype,
      @Setting(
              doc =
                  "How a file is compressed: none, or zstd, gz, bz2, br or snappy, with a level"
                      + " behind a colon, as zstd:7.",
              defaultsTo = "none")
          String compression,
      @Setting(
              doc = "Digests of each file for the index, as sha1, sha256, xxh64 or xxh3_128.",
              defaultsTo = "[]",
              mayBeEmpty = true)
          List<String> hashes,
      @Setting(
              doc = "The largest size of a file before compression; null sets no limit but 4 GiB.",
              defaultsTo = "67108864",
              min = 1,
              max = (1L << 32) - 1)
          Optional<Long> sizeLimit) {}

  /** A column of tokens. */
  public enum TokenColumn {
    TOKEN_IDS,
    PREV_TOKEN_IDS
  }

  /** How arrays are kept. */
  public enum ArrayForm {
    NDARRAY,
    PKL
  }
}
