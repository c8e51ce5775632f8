package org.millrace.transforms.window;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.hash.StableHash;

/**
 * Which files of a domain are for test, training and retrieval.
 *
 * <p>The rule, which is CEPE's but for its random stream: files in the order of a hash of seed and
 * path; of L of them the first {@code n = max(L / 100, 1)} are for test, those up to the half for
 * training, the others for retrieval. Of fewer than four files each is cut into groups of
 * consecutive documents, 100, or as many as it has documents, and the groups are split in place of
 * files. Training has one at least, where there are two; so that a split is empty only where there
 * are fewer than three documents.
 *
 * <p>Determinism: depends on the seed, and the paths and numbers of documents of the files; on no
 * length and no target.
 *
 * @see <a href="https://github.com/princeton-nlp/CEPE">CEPE, data/sample_mds_concat.py and
 *     data/sample_mds_ab.py</a>
 */
public final class SplitPlan {

  /** What is hashed with the seed and a path. */
  private static final String PURPOSE = "split";

  // CEPE: a hundredth of all is for test, and a single file is cut into a hundred.
  private static final int HUNDREDTH = 100;

  // With fewer, one of CEPE's three splits is empty.
  private static final int FEW = 4;

  private final Map<Split, List<FilePart>> parts = new EnumMap<>(Split.class);

  private SplitPlan(List<FilePart> ordered) {
    int count = ordered.size();
    int test = Math.min(count, Math.max(count / HUNDREDTH, 1));
    int train = Math.min(count, Math.max(count / 2, test + 1));
    parts.put(Split.TEST, List.copyOf(ordered.subList(0, test)));
    parts.put(Split.TRAIN, List.copyOf(ordered.subList(test, train)));
    parts.put(Split.RETRIEVAL, List.copyOf(ordered.subList(train, count)));
  }

  /**
   * Splits the files of a domain, in whatever order they are given.
   *
   * @throws IllegalArgumentException when two have one path
   */
  public static SplitPlan of(List<SourceFile> files, long seed) {
    Set<String> paths = new HashSet<>();
    List<FilePart> parts = new ArrayList<>();
    for (SourceFile file : files) {
      checkArgument(paths.add(file.path()), "two files of a domain are called %s", file.path());
      parts.addAll(files.size() < FEW ? groups(file) : List.of(FilePart.whole(file)));
    }
    StableHash hash = StableHash.of(PURPOSE, seed);
    record Placed(OrderKey key, FilePart part) {}
    return new SplitPlan(
        parts.stream()
            .map(part -> new Placed(hash.keyOf(part.id()), part))
            .sorted(
                Comparator.comparing(Placed::key).thenComparing(placed -> placed.part().id()))
            .map(Placed::part)
            .toList());
  }

  /** Cuts between documents so that groups differ by one document at most, and none is lost. */
  private static List<FilePart> groups(SourceFile file) {
    int groups = (int) Math.min(HUNDREDTH, file.documents());
    List<FilePart> parts = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      long from = i * file.documents() / groups;
      long to = (i + 1) * file.documents() / groups;
      parts.add(new FilePart(file.path(), i, from, to));
    }
    return parts;
  }

  /** The parts of a split, in the order in which they are drawn from. */
  public List<FilePart> parts(Split split) {
    return parts.get(split);
  }
}
