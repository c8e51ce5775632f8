package org.millrace.io.shard;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.beam.sdk.transforms.SerializableFunction;

/** A sink that sees its samples through a function. */
record ViewSink<S, T>(ShardSink<T> sink, SerializableFunction<S, T> view) implements ShardSink<S> {

  @Override
  public ShardWriter<S> open(ShardScratch scratch, long samples) throws IOException {
    return new ViewWriter<>(sink.open(scratch, samples), view);
  }

  @Override
  public ShardNaming naming() {
    return sink.naming();
  }

  @Override
  public SortedMap<String, String> properties() {
    return sink.properties();
  }

  @Override
  public Map<String, byte[]> index(List<IndexedFile> files) {
    return sink.index(files);
  }

  @Override
  public boolean writesEmpty() {
    return sink.writesEmpty();
  }

  private record ViewWriter<S, T>(ShardWriter<T> writer, SerializableFunction<S, T> view)
      implements ShardWriter<S> {

    @Override
    public void write(S sample) throws IOException {
      writer.write(view.apply(sample));
    }

    @Override
    public List<LocalFile> finish() throws IOException {
      return writer.finish();
    }

    @Override
    public SortedMap<String, Long> counts() {
      return writer.counts();
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }
}
