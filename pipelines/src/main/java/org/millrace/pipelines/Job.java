package org.millrace.pipelines;

import java.io.Serializable;

/**
 * What a run is given beside its recipe: where things are. None of it reaches the output's bytes.
 *
 * @param input files: a path, a pattern, a folder, or several with commas between
 * @param output the dataset's folder
 * @param tokenizer a tokenizer.json or a SentencePiece .model, or a folder that holds one
 */
public record Job(String input, String output, String tokenizer) implements Serializable {}
