package org.millrace.pipelines.datasets;

import java.util.List;
import java.util.Optional;
import org.millrace.pipelines.recipe.Setting;
import org.millrace.pipelines.recipe.TokenChoice;
import org.millrace.transforms.tokenize.SplitDigits;
import org.millrace.transforms.tokenize.TokenizerEngine;

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
    @Setting(doc = "How input files become documents.") Read read,
    @Setting(doc = "Keeps a part of the documents, chosen by their ids.") Optional<Sample> sample,
    @Setting(doc = "Drops documents that occur more than once.") Optional<Dedup> dedup,
    @Setting(doc = "How text becomes token ids.") Tokenize tokenize,
    @Setting(doc = "Brings everything into an order by chance.") Optional<Shuffle> shuffle,
    @Setting(doc = "Joins documents to samples of one length; null writes each document as it is.")
        Optional<Pack> pack,
    @Setting(doc = "Puts a teacher's most probable next tokens beside each sample.")
        Optional<Logits> logits,
    @Setting(doc = "What is written.") OutputSettings output) {

  /** The same with other tokens: those that a tokenizer has for what was asked. */
  PretrainRecipe withTokens(TokenChoice bos, TokenChoice eos, TokenChoice padding) {
    return new PretrainRecipe(
        seed,
        maxBadFraction,
        read,
        sample,
        dedup,
        tokenize.withTokens(bos, eos),
        shuffle,
        pack.map(p -> new Pack(p.sequenceLength(), p.buckets(), p.leftover(), padding)),
        logits,
        output);
  }

  /** How input files become documents. */
  public record Read(
      @Setting(
              doc = "The form of the input files; auto tells it by the end of their names.",
              defaultsTo = "auto")
          ReadFormat format,
      @Setting(
              doc = "Fields that may hold the text; the first that a record has is taken.",
              defaultsTo = "[text, content]")
          List<String> textFields,
      @Setting(doc = "The field that holds a document's id; null makes ids of file and position.")
          Optional<String> idField,
      @Setting(
              doc = "The fields to keep beside the text; null keeps all others.",
              mayBeEmpty = true)
          Optional<List<String>> metaFields,
      @Setting(doc = "The source that the ledger counts documents under; null counts by folder.")
          Optional<String> source,
      @Setting(
              doc = "The size of the largest document; a larger one is a bad record.",
              defaultsTo = "33554432",
              min = 1,
              max = 1 << 30)
          int maxDocumentBytes,
      @Setting(
              doc =
                  "Whether text that is not valid Unicode makes a bad record, or is mended with"
                      + " U+FFFD.",
              defaultsTo = "reject")
          InvalidText invalidText) {}

  /** The form of input files. */
  public enum ReadFormat {
    AUTO,
    JSONL,
    PARQUET,
    TEXT
  }

  /** What to do with text that is not valid Unicode. */
  public enum InvalidText {
    REJECT,
    REPLACE
  }

  /** Keeps a part of the documents. */
  public record Sample(
      @Setting(doc = "The share of documents to keep.", min = 0, max = 1, aboveMin = true)
          double rate) {}

  /** Drops documents that occur more than once. */
  public record Dedup(
      @Setting(doc = "Which documents are the same: exact, with equal texts.", defaultsTo = "exact")
          DedupMethod method) {}

  /** Which documents are the same. */
  public enum DedupMethod {
    EXACT
  }

  /** How text becomes token ids. */
  public record Tokenize(
      @Setting(doc = "The token before each document.", defaultsTo = "none") TokenChoice addBos,
      @Setting(
              doc = "The token after each document; auto is the tokenizer's end-of-text.",
              defaultsTo = "auto")
          TokenChoice addEos,
      @Setting(
              doc = "Whether text that reads as a special token becomes its id.",
              defaultsTo = "false")
          boolean parseSpecialTokens,
      @Setting(
              doc =
                  "Whether numbers are cut into digits: isolated makes each digit a piece of its"
                      + " own, attach_space one with the blank before it.",
              defaultsTo = "none")
          SplitDigits splitDigits,
      @Setting(
              doc =
                  "What encodes: java is fast, djl the library that tokenizers are made for; auto"
                      + " takes java where it understands the tokenizer. Ids are the same.",
              defaultsTo = "auto")
          TokenizerEngine engine,
      @Setting(
              doc =
                  "Where java and djl differ on texts of the input, before anything is read:"
                      + " whether the run fails, or djl encodes.",
              defaultsTo = "fail")
          OnMismatch onMismatch) {

    private Tokenize withTokens(TokenChoice bos, TokenChoice eos) {
      return new Tokenize(bos, eos, parseSpecialTokens, splitDigits, engine, onMismatch);
    }
  }

  /** What to do where two encoders differ. */
  public enum OnMismatch {
    FAIL,
    DJL
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
          TokenChoice padToken) {}

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
