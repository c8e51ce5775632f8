package org.millrace.pipelines.datasets;

import java.util.List;
import java.util.Optional;
import org.millrace.pipelines.recipe.Setting;
import org.millrace.pipelines.recipe.TokenChoice;
import org.millrace.transforms.fim.FimSentinels;
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
    @Setting(doc = "Brings texts into one form of Unicode; null leaves them as they are.")
        Optional<Normalize> normalize,
    @Setting(doc = "Drops documents that occur more than once.") Optional<Dedup> dedup,
    @Setting(doc = "How text becomes token ids.") Tokenize tokenize,
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
              doc =
                  "The field that holds a document's source, as meta.redpajama_set_name: the ledger"
                      + " counts by it, and output.parts goes by it.")
          Optional<String> sourceField,
      @Setting(
              doc =
                  "The sources that source_field may name; a record of another one is bad. null"
                      + " allows any, but output.parts must know them.")
          Optional<List<String>> sources,
      @Setting(doc = "Reads only files whose number has a remainder; null reads all.")
          Optional<Select> select,
      @Setting(
              doc =
                  "What a text is in JSON: a string in a field of an object; or any, also a line that"
                      + " is a string, and a list of strings, joined by empty lines.",
              defaultsTo = "field")
          JsonTexts jsonTexts,
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

  /** Reads a part of the files, by the numbers in their names. */
  public record Select(
      @Setting(doc = "How many parts there are.", min = 1, max = 1 << 20) int modulus,
      @Setting(
              doc = "Which of them is read: files with number mod modulus == remainder.",
              min = 0,
              max = (1 << 20) - 1)
          int remainder) {}

  /** What a text is in JSON. */
  public enum JsonTexts {
    FIELD,
    ANY
  }

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
                  "Cuts each text before the first blank behind so many characters, and tokenizes"
                      + " the parts apart, as CrystalCoder's data were, with a blank too many at each"
                      + " cut; null does not.",
              min = 1)
          Optional<Integer> chunkCharacters,
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

    Tokenize withTokens(TokenChoice bos, TokenChoice eos) {
      return new Tokenize(
          bos, eos, parseSpecialTokens, splitDigits, chunkCharacters, engine, onMismatch);
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
