package org.millrace.io.document;

import java.io.IOException;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.millrace.io.file.NumberSelector;

/** Finds the files of an input and cuts them into ranges. */
final class MatchFn extends DoFn<String, FileRange> {

  private final DocumentFormat format;
  private final @Nullable NumberSelector selector;
  private final long splitBytes;

  MatchFn(DocumentFormat format, @Nullable NumberSelector selector, long splitBytes) {
    this.format = format;
    this.selector = selector;
    this.splitBytes = splitBytes;
  }

  @ProcessElement
  public void process(@Element String spec, OutputReceiver<FileRange> ranges) throws IOException {
    for (InputFile file : InputFiles.match(spec, format, Optional.ofNullable(selector)).files()) {
      FileRange.cut(file, format, splitBytes, ranges::output);
    }
  }
}
