package org.millrace.pipelines.datasets;

import java.io.Serializable;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.hash.KeyedPermutation;
import org.millrace.transforms.hash.StableHash;

/**
 * Which windows are taken from a part of a file, and where each goes.
 *
 * @param file where it is, as Beam's file systems name it
 * @param path its path in the input
 * @param bytes its size
 * @param count what the part has
 * @param cut how it is cut
 * @param quota how many of its windows are taken
 * @param offset how many are taken of the parts before
 * @param target where they go
 * @param seed of the recipe
 */
record WindowDraw(
    String file,
    String path,
    long bytes,
    PartCount count,
    WindowCut cut,
    long quota,
    long offset,
    Target target,
    long seed)
    implements Serializable {

  /**
   * Windows of one domain and split, of all its files.
   *
   * @param split its name
   * @param domain its name
   * @param rank the domain's among those of the recipe
   * @param domains how many there are
   * @param total how many windows there will be
   * @param parts how many parts of a retrieval corpus they are spread over; 0 for samples
   */
  record Target(String split, String domain, int rank, int domains, long total, int parts)
      implements Serializable {

    /** The order by chance of all windows. */
    KeyedPermutation order(long seed) {
      return KeyedPermutation.of(
          total, StableHash.of("order", seed).keyOf(split + "/" + domain));
    }

    /** Where the window of a number goes. */
    Place place(long number) {
      if (parts == 0) {
        return new Place(
            split + "/" + domain, number, OrderKey.natural(number, total, 0));
      }
      long part = ((number + 1) * parts - 1) / total;
      long index = number - part * total / parts;
      return new Place(
          Long.toString(part), index, OrderKey.natural(rank, domains, index));
    }
  }

  /**
   * Where a window goes.
   *
   * @param part of the dataset
   * @param index its number among those of its domain there
   * @param position in the part
   */
  record Place(String part, long index, OrderKey position) {}

  /** The order by chance of the part's windows; the first ones are taken. */
  KeyedPermutation order() {
    return KeyedPermutation.of(
        count.windows(), StableHash.of("window", seed).keyOf(count.part().id()));
  }
}
