package org.millrace.io.document;

import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;

/** Finds the files of an input and cuts them into ranges. */
final class MatchFn extends DoFn<String, FileRange> {

  private final DocumentFormat format;
  private final long splitBytes;

  MatchFn(DocumentFormat format, long splitBytes) {
    this.format = format;
    this.splitBytes = splitBytes;
  }

  @ProcessElement
  public void process(@Element String spec, OutputReceiver<FileRange> ranges) throws IOException {
    for (InputFile file : InputFiles.match(spec, format).files()) {
      FileRange.cut(file, format, splitBytes, ranges::output);
    }
  }
}
