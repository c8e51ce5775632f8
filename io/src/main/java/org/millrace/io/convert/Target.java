package org.millrace.io.convert;

import java.io.IOException;
import java.util.Set;
import java.util.SortedMap;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.TokenDigest;

/**
 * How samples are written.
 *
 * @param format the format's name
 * @param sink writes them
 * @param rows makes of a sample that was read what the sink takes
 * @param kept the columns that are kept, apart from that of the token ids
 * @param settings what was decided, for the manifest
 */
record Target<T>(
    String format,
    ShardSink<T> sink,
    Rows<T> rows,
    Set<String> kept,
    SortedMap<String, Object> settings) {

  /** Turns samples that were read into what a sink takes. */
  interface Rows<T> {
    /**
     * A sample to be written.
     *
     * @param number of the sample over all shards
     */
    T of(SourceShard shard, long number, StoredSample sample) throws IOException;

    /**
     * Adds its token ids to a digest, where it has a column of them.
     *
     * @return how many there are
     */
    long addTo(TokenDigest.Builder digest, T row) throws IOException;

    /** Adds all that it holds to a digest, where everything is to be compared. */
    default void addContent(TokenDigest.Builder digest, T row) throws IOException {}

    /** Whether it is other than a document of its own. */
    boolean isPartOfDocument(T row);
  }
}
