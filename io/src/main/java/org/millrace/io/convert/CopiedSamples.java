package org.millrace.io.convert;

import java.io.IOException;
import java.util.Optional;
import org.millrace.io.column.NdArray;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.TokenDigest;

/**
 * Samples that go over as they are, whatever they hold.
 *
 * @param column that of the token ids; empty where there is none
 */
record CopiedSamples(String column) implements Target.Rows<StoredSample> {

  @Override
  public StoredSample of(SourceShard shard, long number, StoredSample sample) {
    return sample;
  }

  /** Arrays of any shape count, as they do when a shard is checked. */
  @Override
  public long addTo(TokenDigest.Builder digest, StoredSample sample) throws IOException {
    Optional<Integer> index = column.isEmpty() ? Optional.empty() : sample.index(column);
    if (index.isEmpty()) {
      return 0;
    }
    long tokens = 0;
    if (sample.value(index.get()) instanceof NdArray array && array.dtype().isInteger()) {
      tokens = array.elements();
      for (int i = 0; i < array.elements(); i++) {
        digest.add(array.dtype().get(array.data(), i * array.dtype().bytes()));
      }
    }
    digest.endSample();
    return tokens;
  }

  @Override
  public void addContent(TokenDigest.Builder digest, StoredSample sample) throws IOException {
    content(digest, sample);
  }

  /** Adds the values of all columns, as they are encoded, to a digest. */
  static void content(TokenDigest.Builder digest, StoredSample sample) throws IOException {
    for (int column = 0; column < sample.columns().size(); column++) {
      String name = sample.columns().get(column).toString();
      digest.addBytes(
          sample.encoded(column).orElseThrow(() -> new IOException("no value of " + name)));
    }
    digest.endSample();
  }

  @Override
  public boolean isPartOfDocument(StoredSample sample) {
    return false;
  }
}
