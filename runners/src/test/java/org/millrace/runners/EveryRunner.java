package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Both runners, each with one worker and with several. */
final class EveryRunner {

  private static final List<String> OPTIONS =
      List.of(
          "--runner=direct --targetParallelism=1",
          "--runner=direct --targetParallelism=4",
          "--runner=flink --parallelism=1",
          "--runner=flink --parallelism=4");

  private EveryRunner() {}

  /** Makes a dataset, in a folder of which {@code number} is a part. */
  interface Maker {
    Dataset make(int number, String[] runner) throws IOException;
  }

  /** Expects the same files of each, and gives back their digests. */
  static Map<String, String> sameDigests(Maker maker) throws IOException {
    Map<String, String> first = null;
    for (int i = 0; i < OPTIONS.size(); i++) {
      Map<String, String> digests = maker.make(i, OPTIONS.get(i).split(" ")).digests();
      first = first == null ? digests : first;
      assertThat(OPTIONS.get(i), digests, equalTo(first));
    }
    return first;
  }
}
