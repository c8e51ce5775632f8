package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.Locale;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.millrace.io.npy.NpyDocuments;
import org.millrace.io.stored.StoredFile;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenWindow;
import org.millrace.transforms.hash.KeyedPermutation;
import org.millrace.transforms.ledger.Progress;
import org.millrace.transforms.window.FilePart;
import org.millrace.transforms.window.Windows;

/** Reads the windows that are taken of a part, in their order in the file, each by its place. */
final class DrawWindowsFn extends DoFn<WindowDraw, KV<OrderKey, TokenWindow>> {

  private static final Counter WINDOWS = Metrics.counter(DrawWindowsFn.class, "windowsTaken");

  @ProcessElement
  public void process(
      @Element WindowDraw draw, OutputReceiver<KV<OrderKey, TokenWindow>> out)
      throws IOException {
    StoredFile file =
        new StoredFile(
            FileSystems.matchNewResource(draw.file(), false), draw.path(), draw.bytes());
    try (NpyDocuments documents = NpyDocuments.open(file)) {
      new Reader(draw, documents, out).read();
    }
  }

  /** Goes through the windows of a part. */
  private static final class Reader {
    private final WindowDraw draw;
    private final NpyDocuments documents;
    private final OutputReceiver<KV<OrderKey, TokenWindow>> out;
    private final KeyedPermutation order;
    private final KeyedPermutation places;
    private long window;

    Reader(
        WindowDraw draw,
        NpyDocuments documents,
        OutputReceiver<KV<OrderKey, TokenWindow>> out) {
      this.draw = draw;
      this.documents = documents;
      this.out = out;
      this.order = draw.order();
      this.places = draw.target().order(draw.seed());
    }

    void read() throws IOException {
      FilePart part = draw.count().part();
      long first = draw.count().firstToken();
      try (NpyDocuments.Lengths lengths = documents.lengths(part.from(), first)) {
        for (long i = part.from(); i < part.to(); i++) {
          long start = lengths.token();
          int length = lengths.next();
          if (!draw.cut().overEnds()) {
            run(start, length);
          }
        }
        if (draw.cut().overEnds()) {
          run(first, lengths.token() - first);
        }
      }
      // For the display: the part of the file that this is.
      double share = (double) draw.count().tokens() / Math.max(1, documents.tokens());
      Progress.INPUT_BYTES.add((long) (share * draw.bytes()));
      if (window != draw.count().windows()) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: expected %d windows in its documents %d to %d, got %d: the file has changed"
                    + " since the run began; run it again",
                draw.path(),
                draw.count().windows(),
                part.from(),
                part.to(),
                window));
      }
    }

    private void run(long start, long tokens) throws IOException {
      Windows windows = draw.cut().windows();
      long count = windows.count(tokens);
      for (long i = 0; i < count && window < draw.count().windows(); i++) {
        long rank = order.placeOf(window++);
        if (rank < draw.quota()) {
          take(rank, start + windows.start(i), windows.length(i, tokens));
        }
      }
    }

    private void take(long rank, long from, int length) throws IOException {
      Windows windows = draw.cut().windows();
      WindowDraw.Place place =
          draw.target().place(places.placeOf(draw.offset() + rank));
      TokenWindow taken =
          new TokenWindow(
              place.part(),
              draw.target().domain(),
              place.index(),
              place.position(),
              draw.path() + ":" + from,
              documents.tokens(from, length),
              windows.context(),
              windows.stride());
      out.output(KV.of(place.position(), taken));
      WINDOWS.inc();
      Progress.DOCUMENTS.add(1);
    }
  }
}
