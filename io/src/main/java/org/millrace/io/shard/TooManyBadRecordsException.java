package org.millrace.io.shard;

/** More records could not be used than the recipe allows. */
public final class TooManyBadRecordsException extends RuntimeException {

  TooManyBadRecordsException(long bad, long read, double maxBadFraction) {
    super(
        String.format(
            "too many bad records, no manifest was written: %d of %d, allowed is a share of %s;"
                + " they are in the failures folder; mend them or raise max_bad_fraction",
            bad, read, maxBadFraction));
  }
}
