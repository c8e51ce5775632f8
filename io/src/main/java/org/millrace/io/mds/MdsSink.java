package org.millrace.io.mds;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.millrace.io.column.Column;
import org.millrace.io.shard.IndexedFile;
import org.millrace.io.shard.ShardNaming;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;

/**
 * Writes samples of any kind.
 *
 * @param columns in the order in which shards have them
 * @param settings for all shards
 * @param counts what else is told of samples
 * @param facts what else is told of the format
 */
record MdsSink<T>(
    List<MdsColumn<T>> columns,
    MdsSettings settings,
    MdsCounts<T> counts,
    Map<String, String> facts)
    implements ShardSink<T> {

  MdsSink {
    checkArgument(!columns.isEmpty(), "columns: expected at least one, got none");
    columns =
        columns.stream().sorted(Comparator.comparing(MdsColumn::column, MdsConfig.ORDER)).toList();
    facts = Map.copyOf(facts);
    Set<String> names = new HashSet<>();
    for (MdsColumn<T> column : columns) {
      String name = column.column().name();
      checkArgument(names.add(name), "columns: expected different names, got %s twice", name);
    }
  }

  private MdsConfig config() {
    return MdsConfig.of(columns.stream().map(MdsColumn::column).toList(), settings);
  }

  @Override
  public ShardWriter<T> open(ShardScratch scratch, long samples) throws IOException {
    RawShardWriter raw = new RawShardWriter(scratch, config(), settings, samples);
    return new MdsWriter<>(columns, counts, raw, samples);
  }

  @Override
  public ShardNaming naming() {
    return new Naming();
  }

  // A lambda would do, if its bytes were not different in each build.
  private record Naming() implements ShardNaming {
    @Override
    public String fileName(Place place) {
      return String.format(Locale.ROOT, "shard.%05d%s", place.number(), place.extension());
    }
  }

  @Override
  public SortedMap<String, String> properties() {
    TreeMap<String, String> properties = new TreeMap<>(facts);
    properties.put(
        "columns",
        columns.stream()
            .map(MdsColumn::column)
            .map(Column::toString)
            .collect(Collectors.joining(", ")));
    properties.put("compression", settings.compression());
    return properties;
  }

  @Override
  public Map<String, byte[]> index(List<IndexedFile> files) {
    MdsConfig config = config();
    List<MdsEntry> entries = new ArrayList<>();
    for (IndexedFile file : files) {
      SortedMap<String, String> facts = file.file().facts();
      boolean zipped = config.compression().isPresent();
      String suffix = settings.extension().substring(MdsIO.EXTENSION.length());
      String name = file.name().substring(0, file.name().length() - suffix.length());
      MdsEntry.DataFile raw = RawShardWriter.rawData(name, facts);
      MdsEntry.DataFile zip = RawShardWriter.zipData(file.name(), file.file().bytes(), facts);
      entries.add(
          new MdsEntry(
              config, raw, file.file().samples(), zipped ? Optional.of(zip) : Optional.empty()));
    }
    return Map.of(MdsIndex.FILE_NAME, MdsIndex.encode(entries));
  }
}
