package org.millrace.io.retrieval;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.shard.ShardNaming;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.transforms.data.TokenWindow;
import org.millrace.transforms.tokenize.TokenizerSpec;

/** Writes passages; see {@link RetrievalIO#sink}. */
record RetrievalSink(TokenizerSpec tokenizer, Set<Integer> hidden, List<String> domains)
    implements ShardSink<TokenWindow> {

  @Override
  public ShardWriter<TokenWindow> open(ShardScratch scratch, long samples) throws IOException {
    return new RetrievalWriter(
        scratch.newFile(RetrievalIO.EXTENSION), tokenizer.open(), hidden, samples);
  }

  @Override
  public ShardNaming naming() {
    return new Naming(domains);
  }

  // A lambda would do, if its bytes were not different in each build.
  private record Naming(List<String> domains) implements ShardNaming {
    @Override
    public String fileName(Place place) {
      return domains.get(place.shard()) + place.extension();
    }
  }

  @Override
  public SortedMap<String, String> properties() {
    return new TreeMap<>(
        Map.of(
            "columns",
            String.join(
                ", ",
                RetrievalIO.ID,
                RetrievalIO.CONTENTS,
                RetrievalIO.NEIGHBOR,
                RetrievalIO.CONTENTS_IDS,
                RetrievalIO.NEIGHBOR_IDS)));
  }
}
