package org.millrace.io.shard;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.millrace.transforms.data.OrderKey;

/**
 * The parts of a dataset, one after another: their shards are numbered through.
 *
 * @param parts at least one
 * @param partOf the name of a sample's part
 * @param starts by a part's name, its number, and the number of its first shard
 */
record ShardParts<T>(
    List<ShardPart> parts, SerializableFunction<T, String> partOf, Map<String, Start> starts)
    implements Serializable {

  /** Where a part begins. */
  record Start(int part, int firstShard) implements Serializable {}

  static <T> ShardParts<T> of(List<ShardPart> parts, SerializableFunction<T, String> partOf) {
    checkArgument(!parts.isEmpty(), "a dataset needs at least one part");
    Map<String, Start> starts = new HashMap<>();
    long shard = 0;
    for (int i = 0; i < parts.size(); i++) {
      Start former = starts.put(parts.get(i).name(), new Start(i, (int) shard));
      checkArgument(former == null, "two parts are named %s", parts.get(i).name());
      shard += parts.get(i).shards();
      checkArgument(
          shard <= ShardPart.MAX_SHARDS,
          "all parts together have more than %s shards",
          ShardPart.MAX_SHARDS);
    }
    return new ShardParts<>(List.copyOf(parts), partOf, Map.copyOf(starts));
  }

  /** A dataset that is not parted. */
  static <T> ShardParts<T> whole(int shards) {
    return of(List.of(new ShardPart("", shards)), sample -> "");
  }

  /** The number of a sample's shard, over all parts. */
  int shardOf(OrderKey key, T sample) {
    String name = partOf.apply(sample);
    Start start = starts.get(name);
    checkArgument(start != null, "a sample is of the part %s, which is none of the dataset", name);
    return start.firstShard + key.part(parts.get(start.part).shards());
  }

  int firstShard(ShardPart part) {
    return starts.get(part.name()).firstShard;
  }

  /** The part that a shard is in. */
  ShardPart partAt(int shard) {
    ShardPart at = parts.get(0);
    for (ShardPart part : parts) {
      if (firstShard(part) > shard) {
        return at;
      }
      at = part;
    }
    return at;
  }

  int shards() {
    return parts.stream().mapToInt(ShardPart::shards).sum();
  }
}
