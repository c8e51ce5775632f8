package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.io.mds.MdsColumn;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.mds.MdsSettings;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardNaming;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.StoredValues;

/** Shards of MDS as others leave them: without an index, and without a manifest. */
final class MdsFolder {

  private MdsFolder() {}

  /** Writes samples, three a file. */
  static <T> void write(Path folder, List<MdsColumn<T>> columns, List<T> samples)
      throws IOException {
    Files.createDirectories(folder);
    ShardSink<T> sink = MdsIO.columns(columns, MdsSettings.standard().withSamplesPerShard(3));
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<T> writer = sink.open(scratch, samples.size())) {
      for (T sample : samples) {
        writer.write(sample);
      }
      for (LocalFile file : writer.finish()) {
        ShardNaming.Place place =
            new ShardNaming.Place(0, Optional.empty(), file.part(), file.part(), file.extension());
        Files.move(file.path(), folder.resolve(sink.naming().fileName(place)));
      }
    }
  }

  /** Reads all samples of a folder, whole. */
  static List<StoredSample> read(Path folder) throws IOException {
    List<StoredSample> samples = new ArrayList<>();
    for (List<StoredFile> shard :
        MdsIO.format().shards(StoredFolder.list(folder.toString()), finding -> {})) {
      try (ShardReader reader = MdsIO.format().open(shard);
          SampleCursor cursor = reader.read(0)) {
        for (Optional<StoredSample> next = cursor.next(); next.isPresent(); next = cursor.next()) {
          List<Object> values = new ArrayList<>();
          for (int i = 0; i < next.get().columns().size(); i++) {
            values.add(next.get().value(i));
          }
          samples.add(new StoredValues(next.get().columns(), values));
        }
      }
    }
    return samples;
  }
}
