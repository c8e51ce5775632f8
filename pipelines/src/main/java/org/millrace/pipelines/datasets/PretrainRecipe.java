package org.millrace.pipelines.datasets;

import java.util.Optional;
import org.millrace.pipelines.recipe.Setting;
import org.millrace.pipelines.recipe.TokenChoice;
import org.millrace.transforms.fim.FimSentinels;

/**
 * What decides the output of the {@code pretrain} pipeline, section by section in the order of its
 * steps.
 */
public record PretrainRecipe(
    @Setting(doc = "Seed of every decision by chance.", defaultsTo = "0") long seed,
    @Setting(
            doc = "The share of records that may be bad; with more, the run seals no output.",
            defaultsTo = "0.001",
            min = 0,
            max = 1)
        double maxBadFraction,
    @Setting(doc = "How input files become documents.") ReadSettings read,
    @Setting(doc = "Keeps a part of the documents, chosen by their ids.") Optional<Sample> sample,
    @Setting(doc = "Brings texts into one form of Unicode; null leaves them as they are.")
        Optional<Normalize> normalize,
    @Setting(doc = "Drops documents that occur more than once.") Optional<Dedup> dedup,
    @Setting(doc = "How text becomes token ids.") TokenizeSettings tokenize,
    @Setting(doc = "Brings everything into an order by chance.") Optional<Shuffle> shuffle,
    @Setting(doc = "Joins documents to samples of one length; null writes each document as it is.")
        Optional<Pack> pack,
    @Setting(
            doc =
                "How often everything is in the output, each time decided by chance anew: samples,"
                    + " or documents where these are not packed or fim.unit is document.",
            defaultsTo = "1",
            min = 1,
            max = 1000)
        int epochs,
    @Setting(doc = "Permutes texts so that a model learns to fill in their middle.")
        Optional<FimSection> fim,
    @Setting(doc = "Puts a teacher's most probable next tokens beside each sample.")
        Optional<Logits> logits,
    @Setting(doc = "What is written.") OutputSettings output) {

  /** The same with other tokens: those that a tokenizer has for what was asked. */
  PretrainRecipe withTokens(
      TokenChoice bos, TokenChoice eos, TokenChoice padding, Optional<FimSentinels> sentinels) {
    return new PretrainRecipe(
        seed,
        maxBadFraction,
        read,
        sample,
        normalize,
        dedup,
        tokenize.withTokens(bos, eos),
        shuffle,
        pack.map(p -> p.withPadding(padding)),
        epochs,
        fim.map(section -> section.with(sentinels.orElseThrow())),
        logits,
        output);
  }

  /** Whether documents are repeated and permuted, and not samples that are packed of them. */
  boolean hasUnitsOfDocuments() {
    return pack.isEmpty() || fim.filter(f -> f.unit() == FimSection.Unit.DOCUMENT).isPresent();
  }

  /** Keeps a part of the documents. */
  public record Sample(
      @Setting(doc = "The share of documents to keep.", min = 0, max = 1, aboveMin = true)
          double rate) {}

  /** Brings texts into one form of Unicode. */
  public record Normalize(
      @Setting(doc = "The normal form; none leaves characters as they are.", defaultsTo = "nfc")
          NormalForm form,
      @Setting(
              doc =
                  "Mends lines of UTF-8 that were once read as Latin-1 or Windows-1252. Not for code,"
                      + " which may mean them.",
              defaultsTo = "false")
          boolean mojibake) {}

  /** A normal form of Unicode. */
  public enum NormalForm {
    NONE,
    NFC,
    NFD,
    NFKC,
    NFKD
  }

  /** Drops documents that occur more than once. */
  public record Dedup(
      @Setting(doc = "Which documents are the same: exact, with equal texts.", defaultsTo = "exact")
          DedupMethod method) {}

  /** Which documents are the same. */
  public enum DedupMethod {
    EXACT
  }

  /** Brings everything into an order by chance. */
  public record Shuffle(
      @Setting(doc = "Shuffles documents before they are packed.", defaultsTo = "true")
          boolean documents,
      @Setting(doc = "Shuffles samples before they are written.", defaultsTo = "true")
          boolean sequences) {}

  /** Joins documents to samples of one length. */
  public record Pack(
      @Setting(
              doc = "The length of a sample in tokens.",
              defaultsTo = "2048",
              min = 2,
              max = 1 << 20)
          int sequenceLength,
      @Setting(
              doc =
                  "How many parts are packed apart from each other; each leaves one rest at its"
                      + " end, and no more of them work at a time.",
              defaultsTo = "16",
              min = 1,
              max = 1 << 16)
          int buckets,
      @Setting(
              doc = "Whether the rest at the end of a bucket is dropped, or padded to a sample.",
              defaultsTo = "drop")
          Leftover leftover,
      @Setting(doc = "The token to pad with; auto is the end-of-text.", defaultsTo = "auto")
          TokenChoice padToken,
      @Setting(
              doc =
                  "The share of samples that are cut short, to 2 tokens or more, and padded; the"
                      + " tokens cut off are dropped.",
              defaultsTo = "0",
              min = 0,
              max = 1)
          double shortSeqProb) {

    private Pack withPadding(TokenChoice padding) {
      return new Pack(sequenceLength, buckets, leftover, padding, shortSeqProb);
    }

    /** Whether any sample is padded. */
    boolean pads() {
      return leftover == Leftover.PAD || shortSeqProb > 0;
    }
  }

  /** What becomes of the tokens that do not fill a sample. */
  public enum Leftover {
    DROP,
    PAD
  }

  /** Puts a teacher's most probable next tokens beside each sample. */
  public record Logits(
      @Setting(
              doc = "How many tokens are kept for each position, the most probable ones.",
              defaultsTo = "50",
              min = 1,
              max = 1 << 16)
          int topk,
      @Setting(
              doc = "Keeps natural logarithms of probabilities in place of probabilities.",
              defaultsTo = "false")
          boolean logProbabilities,
      @Setting(doc = "The type of target_index; uint16 takes a third less.", defaultsTo = "int32")
          TargetType indexDtype,
      @Setting(
              doc =
                  "How many parts are annotated apart from each other; no more of them work at a"
                      + " time.",
              defaultsTo = "16",
              min = 1,
              max = 1 << 16)
          int buckets,
      @Setting(doc = "How the teacher is run.") TeacherSettings teacher) {}
}
