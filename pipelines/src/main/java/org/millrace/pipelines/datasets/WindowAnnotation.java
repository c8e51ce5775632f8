package org.millrace.pipelines.datasets;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.transforms.data.AnnotatedWindow;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TopKLogits;
import org.millrace.transforms.logits.Annotator;
import org.millrace.transforms.logits.TeacherInput;

/** Gives the windows of a range with their targets, in their order. */
final class WindowAnnotation implements Closeable {

  private final WindowReader reader;
  private final Annotator annotator;
  private final boolean keepsTokens;
  private final ArrayDeque<AnnotatedWindow> ready = new ArrayDeque<>();
  private long left;

  /**
   * Begins with the first window that a reader gives.
   *
   * @param keepsTokens whether the tokens go with the targets
   * @param count how many windows there are in the range
   */
  WindowAnnotation(WindowReader reader, Annotator annotator, boolean keepsTokens, long count) {
    this.reader = reader;
    this.annotator = annotator;
    this.keepsTokens = keepsTokens;
    this.left = count;
  }

  /** The next window; empty behind the last of the range. */
  Optional<AnnotatedWindow> next() throws IOException {
    if (ready.isEmpty() && left > 0) {
      annotate();
    }
    return Optional.ofNullable(ready.poll());
  }

  private void annotate() throws IOException {
    List<WindowReader.Window> windows = new ArrayList<>();
    List<TeacherInput> inputs = new ArrayList<>();
    while (windows.size() < Annotator.WINDOW && left > 0) {
      WindowReader.Window window =
          reader.next().orElseThrow(() -> new IOException("expected more samples, got none"));
      windows.add(window);
      inputs.add(input(window));
      left--;
    }
    List<TopKLogits> targets = annotator.annotate(inputs);
    for (int i = 0; i < windows.size(); i++) {
      WindowReader.Window window = windows.get(i);
      ready.add(
          new AnnotatedWindow(
              new OrderKey(0, window.number()),
              window.domain(),
              window.index(),
              keepsTokens ? window.previous() : TokenIds.of(),
              keepsTokens ? window.tokens() : TokenIds.of(),
              targets.get(i)));
    }
  }

  private static TeacherInput input(WindowReader.Window window) {
    int before = window.previous().length();
    int[] all = new int[before + window.tokens().length()];
    window.previous().copyTo(all, 0);
    window.tokens().copyTo(all, before);
    return new TeacherInput(
        window.domain() + ", sample " + window.index(),
        TokenIds.wrap(all),
        window.tokens().length());
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
