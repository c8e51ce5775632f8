package org.millrace.pipelines.datasets;

import java.util.List;
import java.util.Optional;
import org.millrace.pipelines.recipe.Setting;

/** How input files become documents. */
public record ReadSettings(
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
    @Setting(doc = "The fields to keep beside the text; null keeps all others.", mayBeEmpty = true)
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
        InvalidText invalidText) {

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
}
