package org.millrace.io.verify;

import org.millrace.io.stored.TokenDigest;

/**
 * What a check has read of one format.
 *
 * @param format its name
 * @param part the name of the dataset's part; empty where it is not parted
 * @param shards the shards that were found
 * @param samples the samples; those of shards that cannot be read are not among them
 * @param digest of the token ids of these samples
 * @param whole whether all could be read
 */
public record Checked(
    String format, String part, int shards, long samples, TokenDigest digest, boolean whole) {

  /** The format's name, with that of the part where there is one. */
  public String name() {
    return part.isEmpty() ? format : format + "/" + part;
  }
}
