package org.millrace.transforms.tokenize;

import java.io.Serializable;

/**
 * Which tokenizer a job uses: small enough to travel to every worker, and exact enough that all use
 * the same one.
 *
 * @param path a tokenizer.json, as Beam's file systems name it; every worker must be able to read
 *     it
 * @param name what the manifest calls it
 * @param sha256 of the file, in hexadecimal; a worker refuses a file with another one
 * @param parseSpecialTokens whether text that reads as a special token becomes its id
 */
public record TokenizerSpec(String path, String name, String sha256, boolean parseSpecialTokens)
    implements Serializable {}
