package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.millrace.io.document.InputCount;
import org.millrace.io.shard.ShardSource;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.AnnotatedWindow;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.logits.Annotator;
import org.millrace.transforms.logits.OnnxModel;
import org.millrace.transforms.logits.Teacher;

/**
 * Gives the windows of each shard with their targets: a shard is a range of the windows of a
 * domain.
 */
final class WindowSource implements ShardSource<AnnotatedWindow> {

  /**
   * A part of the dataset: a domain, or a domain's split.
   *
   * @param retrieved the passages for its windows; none where they are not wanted
   */
  record Part(StoredWindows windows, List<StoredWindows> retrieved) implements Serializable {}

  private static final String STEP = "annotate";

  private final List<Part> parts;
  private final WindowSettings settings;
  private final OnnxModel model;
  private transient Teacher teacher;

  WindowSource(List<Part> parts, WindowSettings settings, OnnxModel model) {
    this.parts = List.copyOf(parts);
    this.settings = settings;
    this.model = model;
  }

  private int shardsOfPart() {
    return settings.shardsOfPart();
  }

  private Part part(int shard) {
    return parts.get(shard / shardsOfPart());
  }

  /** The number of the first window of a shard; of the shard behind the last: that of windows. */
  private long start(Part part, int shardOfPart) {
    return Math.multiplyExact(part.windows().shards().samples(), (long) shardOfPart)
        / shardsOfPart();
  }

  @Override
  public OptionalLong samples(int shard) {
    int number = shard % shardsOfPart();
    return OptionalLong.of(start(part(shard), number + 1) - start(part(shard), number));
  }

  @Override
  public void open() throws IOException {
    teacher = model.open();
  }

  @Override
  public void read(int shard, Output<AnnotatedWindow> output) throws IOException {
    Part part = part(shard);
    long from = start(part, shard % shardsOfPart());
    long to = start(part, shard % shardsOfPart() + 1);
    if (from == to) {
      return;
    }
    Annotator annotator = new Annotator(teacher, settings.targets());
    WindowReader reader = new WindowReader(part, settings, from);
    try (WindowAnnotation windows =
        new WindowAnnotation(reader, annotator, settings.keepsTokens(), to - from)) {
      for (Optional<AnnotatedWindow> next = windows.next();
          next.isPresent();
          next = windows.next()) {
        AnnotatedWindow window = next.get();
        output.sample(window);
        output.tally().add(window.domain(), STEP, Ledger.READ, 1, 0, 0);
        output.tally().add(window.domain(), STEP, Ledger.TOKENIZED, 0, 0, window.tokens().length());
      }
    }
    for (StoredShards.Shard file : part.windows().shards().shards()) {
      long count = Math.min(to, file.start() + file.samples()) - Math.max(from, file.start());
      if (count > 0) {
        output.input(new InputCount(file.path(), file.bytes(), count));
      }
    }
  }

  @Override
  public void close() {
    if (teacher != null) {
      teacher.close();
      teacher = null;
    }
  }
}
