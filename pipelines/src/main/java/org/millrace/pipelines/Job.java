package org.millrace.pipelines;

import java.io.Serializable;

/**
 * What a run is given beside its recipe: where things are. None of it reaches the output's bytes.
 *
 * @param input files: a path, a pattern, a folder, or several with commas between
 * @param output the dataset's folder
 * @param tokenizer a tokenizer.json or a SentencePiece .model, or a folder that holds one; empty
 *     where there is none
 * @param model the file of a teacher's model; empty where there is none
 */
public record Job(String input, String output, String tokenizer, String model)
    implements Serializable {

  /** A job without a teacher. */
  public Job(String input, String output, String tokenizer) {
    this(input, output, tokenizer, "");
  }
}
