package org.millrace.io.convert;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.stored.InOrder;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFormat;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.TokenColumn;

/**
 * The shards of all sources, one after another.
 *
 * @param sources in the order in which they were given
 * @param shards those that hold samples
 * @param column the name of the column of token ids; empty where it was not looked for
 */
record SourceShards(List<Source> sources, List<SourceShard> shards, String column) {

  private record Place(int source, StoredFormat format, List<StoredFile> files) {}

  private record Head(Place place, List<Column> columns, long samples) {}

  /** Opens all shards once. */
  static SourceShards open(ConversionSettings settings) throws IOException {
    List<Source> sources = Source.open(settings);
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      for (List<StoredFile> files : sources.get(i).found().shards()) {
        places.add(new Place(i, sources.get(i).found().format(), files));
      }
    }
    // Most shards have the same columns: one list of them is kept.
    Map<List<Column>, List<Column>> columns = new LinkedHashMap<>();
    List<SourceShard> shards = new ArrayList<>();
    long[] samples = new long[sources.size()];
    InOrder.forEach(
        places,
        settings.threads(),
        SourceShards::head,
        head -> {
          List<Column> same = columns.computeIfAbsent(head.columns, key -> key);
          long start = shards.isEmpty() ? 0 : shards.get(shards.size() - 1).end();
          samples[head.place.source] += head.samples;
          if (head.samples > 0) {
            Place place = head.place;
            shards.add(
                new SourceShard(
                    place.source, place.format, place.files, same, head.samples, start));
          }
        });
    refuseIncomplete(sources, samples);
    if (shards.isEmpty()) {
      throw new IllegalArgumentException(
          String.join(", ", settings.sources()) + ": expected samples, got none");
    }
    return new SourceShards(List.copyOf(sources), List.copyOf(shards), "");
  }

  private static Head head(Place place) throws IOException {
    try (ShardReader reader = place.format.open(place.files)) {
      return new Head(place, reader.columns(), reader.samples());
    }
  }

  private static void refuseIncomplete(List<Source> sources, long[] samples) throws IOException {
    for (int i = 0; i < samples.length; i++) {
      long expected = sources.get(i).output().map(output -> output.samples()).orElse(samples[i]);
      if (expected != samples[i]) {
        throw new IOException(
            "manifest.json: samples of the shards: expected " + expected + ", got " + samples[i]);
      }
    }
  }

  /** Whether all columns go over as they are, whatever they hold. */
  boolean isCopy(ConversionSettings settings) {
    return settings.to().equals(MdsIO.FORMAT)
        && sources.stream().allMatch(each -> each.found().format().name().equals(MdsIO.FORMAT));
  }

  /**
   * The columns of the first shard, which all shards must have.
   *
   * @throws IOException when one does not
   */
  List<Column> commonColumns() throws IOException {
    List<Column> common = shards.get(0).columns();
    for (SourceShard shard : kinds()) {
      if (!shard.columns().equals(common)) {
        throw new IOException(
            shard.path() + ": expected the columns " + common + ", got " + shard.columns());
      }
    }
    return common;
  }

  /** The same with the column of token ids where there is one, which all shards must have. */
  SourceShards withTokens(ConversionSettings settings) throws IOException {
    if (isCopy(settings)) {
      if (settings.column().isPresent()) {
        throw new IllegalArgumentException(
            "column cannot be given from mds to mds, whose columns are all kept");
      }
      String tokens = TokenColumn.find(commonColumns()).map(Column::name).orElse("");
      return new SourceShards(sources, shards, tokens);
    }
    return withTokens(settings.column());
  }

  private SourceShards withTokens(Optional<String> wanted) throws IOException {
    String name = TokenColumn.of(shards.get(0).columns(), wanted, shards.get(0).path()).name();
    for (SourceShard shard : kinds()) {
      TokenColumn.of(shard.columns(), Optional.of(name), shard.path());
    }
    return new SourceShards(sources, shards, name);
  }

  /** The first shard of each kind of columns. */
  private List<SourceShard> kinds() {
    Map<List<Column>, SourceShard> kinds = new LinkedHashMap<>();
    shards.forEach(shard -> kinds.putIfAbsent(shard.columns(), shard));
    return List.copyOf(kinds.values());
  }

  /** The number of all samples. */
  long samples() {
    return shards.get(shards.size() - 1).end();
  }

  /** The names of all columns of any shard. */
  Set<String> columnNames() {
    Set<String> names = new LinkedHashSet<>();
    kinds().forEach(shard -> shard.columns().forEach(column -> names.add(column.name())));
    return names;
  }

  /** The type that holds the token ids of all shards: the widest of theirs. */
  DType dtype() throws IOException {
    DType widest = null;
    for (SourceShard shard : kinds()) {
      Column tokens = TokenColumn.of(shard.columns(), Optional.of(column), shard.path());
      DType dtype = tokens.dtype().isPresent() ? tokens.dtype().get() : first(shard).dtype();
      if (!dtype.isInteger()) {
        throw new IOException(
            shard.path() + ": expected token ids of whole numbers, got " + tokens);
      }
      widest = widest == null || Dtypes.max(dtype) > Dtypes.max(widest) ? dtype : widest;
    }
    return widest;
  }

  /** The length of all samples, where the columns say that they have one. */
  Optional<Integer> fixedLength() throws IOException {
    Set<Optional<List<Integer>>> shapes = new LinkedHashSet<>();
    for (SourceShard shard : kinds()) {
      shapes.add(TokenColumn.of(shard.columns(), Optional.of(column), shard.path()).shape());
    }
    return shapes.size() == 1
        ? shapes.iterator().next().filter(shape -> shape.size() == 1).map(shape -> shape.get(0))
        : Optional.empty();
  }

  /** The length of the first sample. */
  int firstLength() throws IOException {
    return first(shards.get(0)).elements();
  }

  private NdArray first(SourceShard shard) throws IOException {
    try (ShardReader reader = shard.open();
        SampleCursor samples = reader.read(0)) {
      Optional<StoredSample> sample = samples.next();
      Optional<Integer> index = sample.flatMap(found -> found.index(column));
      if (index.isPresent() && sample.get().value(index.get()) instanceof NdArray array) {
        return array;
      }
    }
    throw new IOException(
        shard.path() + ": column " + column + ": expected token ids, got " + shard.columns());
  }

  /** The shard that holds a sample, by the sample's number over all shards. */
  int shardOf(long sample) {
    int low = 0;
    int high = shards.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (shards.get(middle).start() <= sample) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
