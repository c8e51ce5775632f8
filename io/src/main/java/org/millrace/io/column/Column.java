package org.millrace.io.column;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * What every sample holds under one name; said once, for all formats.
 *
 * @param name as "tokens"
 * @param type the form of the values, in the words of MDS, which has the most of them: "str",
 *     "int", "json", "bytes", "pkl", "float32", "ndarray", "ndarray:uint16", "ndarray:int32:3,2048"
 *     and so on
 */
public record Column(String name, String type) implements Serializable {

  /** The token ids of a sample. */
  public static final String TOKENS = "tokens";

  /** For each token 1 where its label counts in the loss, else 0. */
  public static final String MASK = "mask";

  /** For each token the id that a model is to predict there. */
  public static final String LABELS = "labels";

  /** The places, just behind a document's last token, where documents end in a sample. */
  public static final String DOCUMENT_ENDS = "document_ends";

  /**
   * How many documents end with a sample: 1 for a whole document, 0 for a sentence within one, more
   * where documents without any token follow.
   */
  public static final String DOCUMENTS_ENDED = "documents_ended";

  /** How many documents without any token come before a sample, where there are any. */
  public static final String DOCUMENTS_BEFORE = "documents_before";

  /** Of a window of a corpus: the tokens that are its own (CEPE, data/sample_mds_concat.py). */
  public static final String TOKEN_IDS = "token_ids";

  /** Of a window of a corpus: the tokens before its own (CEPE, data/sample_mds_concat.py). */
  public static final String PREVIOUS_TOKENS = "prev_token_ids";

  /** The domain of a sample. */
  public static final String DOMAIN = "domain";

  /** The number of a sample in its domain and split; with the domain its key. */
  public static final String INDEX = "index";

  /**
   * For each position the tokens that a teacher finds most probable behind it, {@code [positions,
   * k]} (CEPE, data/calculate_logits.py).
   */
  public static final String TARGET_INDEX = "target_index";

  /**
   * The probabilities of those tokens, and of all others together, {@code [positions, k + 1]}
   * (CEPE, data/calculate_logits.py).
   */
  public static final String TARGET_PROB = "target_prob";

  private static final String ARRAY = "ndarray";

  public Column {
    checkArgument(!name.isEmpty(), "a column needs a name");
    checkArgument(!type.isEmpty(), "the column %s needs a type", name);
  }

  /** Arrays of one dimension and any length. */
  public static Column array(String name, DType dtype) {
    return new Column(name, ARRAY + ":" + dtype.label());
  }

  /** Arrays of one shape. */
  public static Column array(String name, DType dtype, List<Integer> shape) {
    String dimensions = String.join(",", shape.stream().map(String::valueOf).toList());
    return new Column(name, ARRAY + ":" + dtype.label() + ":" + dimensions);
  }

  /** Whether the values are arrays of numbers. */
  public boolean isArray() {
    return type.equals(ARRAY) || type.startsWith(ARRAY + ":");
  }

  /** The type of the arrays' elements, where the column says it. */
  public Optional<DType> dtype() {
    String[] parts = type.split(":", -1);
    return isArray() && parts.length > 1 ? DType.ofLabel(parts[1]) : Optional.empty();
  }

  /** The shape of all arrays, where the column says it. */
  public Optional<List<Integer>> shape() {
    String[] parts = type.split(":", -1);
    return isArray() && parts.length == 3
        ? Optional.of(List.of(parts[2].split(",", -1)).stream().map(Integer::valueOf).toList())
        : Optional.empty();
  }

  @Override
  public String toString() {
    return name + " " + type;
  }
}
