package org.millrace.pipelines.datasets;

import java.util.List;
import java.util.Optional;
import org.millrace.pipelines.recipe.Setting;

/** How samples of windows are written; the section {@code output} of CEPE's recipes. */
public record WindowOutput(
    @Setting(
            doc = "How many shards each folder of a split and domain has.",
            defaultsTo = "8",
            min = 1,
            max = 10_000)
        int numShards,
    @Setting(
            doc =
                "The form of token ids: arrays of uint16 or uint32, auto by the vocabulary; or pkl,"
                    + " pickled arrays of int64, as CEPE's own readers expect them.",
            defaultsTo = "auto")
        IdType ids,
    @Setting(
            doc =
                "Whether each sample has its number in its folder as a column index: with the"
                    + " domain it is the key that other data of the sample is joined by.",
            defaultsTo = "true")
        boolean index,
    @Setting(
            doc =
                "How a file is compressed: none, or zstd, gz, bz2, br or snappy, with a level behind"
                    + " a colon, as zstd:7.",
            defaultsTo = "none")
        String compression,
    @Setting(
            doc = "Digests of each file for the index, as sha1, sha256 or xxh64.",
            defaultsTo = "[]",
            mayBeEmpty = true)
        List<String> hashes,
    @Setting(
            doc = "The largest size of a file before compression; null sets no limit but 4 GiB.",
            defaultsTo = "268435456",
            min = 1,
            max = (1L << 32) - 1)
        Optional<Long> sizeLimit) {

  /** The form of token ids. */
  public enum IdType {
    AUTO,
    UINT16,
    UINT32,
    PKL
  }
}
