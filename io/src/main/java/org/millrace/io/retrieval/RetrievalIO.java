package org.millrace.io.retrieval;

import java.util.List;
import java.util.Set;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.stored.StoredFormat;
import org.millrace.transforms.data.TokenWindow;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * A corpus to look passages up in, as CEPE's retriever reads it: JSON lines, a file for each domain
 * in each part of the dataset, {@code retrieval/<part>/<domain>.jsonl}.
 *
 * <pre>
 * Line --> {"id": Id, "contents": Text, "neighbor": Text,
 *           "contents_token_ids": [Number, ...], "neighbor_token_ids": [Number, ...]} LF
 *   Id --> domain "_" part "_" number in the file, from 0
 * </pre>
 *
 * <p>Keys are in this order; as Python's {@code json.dumps} writes it: {@code ", "} and {@code ":
 * "} between, nothing but ASCII. The ids are exact. The texts are those of whole characters: of a
 * character that a passage's edge cuts nothing is shown, and begin and end tokens are not.
 *
 * @see <a href="https://github.com/princeton-nlp/CEPE">CEPE, data/sample_mds_concat.py</a>
 * @see org.millrace.transforms.tokenize.PassageText
 */
public final class RetrievalIO {

  /** The format's name, and its folder's. */
  public static final String FORMAT = "retrieval";

  static final String EXTENSION = ".jsonl";

  static final String ID = "id";
  static final String CONTENTS = "contents";
  static final String NEIGHBOR = "neighbor";
  static final String CONTENTS_IDS = "contents_token_ids";
  static final String NEIGHBOR_IDS = "neighbor_token_ids";

  private RetrievalIO() {}

  /**
   * Writes windows: contents are their own tokens, the neighbor is what follows.
   *
   * @param tokenizer of the ids
   * @param hidden ids that no text has: those of begin and end
   * @param domains by the number of the shard in its part: each has one
   */
  public static ShardSink<TokenWindow> sink(
      TokenizerSpec tokenizer, Set<Integer> hidden, List<String> domains) {
    return new RetrievalSink(tokenizer, Set.copyOf(hidden), List.copyOf(domains));
  }

  /** Finds and opens what {@link #sink} writes, and CEPE. */
  public static StoredFormat format() {
    return new RetrievalFormat();
  }
}
