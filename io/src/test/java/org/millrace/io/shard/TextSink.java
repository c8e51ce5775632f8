package org.millrace.io.shard;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.transforms.data.TokenizedDocument;

/**
 * Writes a line of ids for each document, and a file of their number beside it: a format for tests.
 */
record TextSink(boolean indexed) implements ShardSink<TokenizedDocument> {

  @Override
  public ShardWriter<TokenizedDocument> open(ShardScratch scratch, long samples)
      throws IOException {
    return new TextWriter(scratch.newFile(".txt"), scratch.newFile(".count"), samples);
  }

  @Override
  public ShardNaming naming() {
    return ShardNaming.byShard("part");
  }

  @Override
  public SortedMap<String, String> properties() {
    return new TreeMap<>(Map.of("charset", "utf-8"));
  }

  @Override
  public Map<String, byte[]> index(List<IndexedFile> files) {
    if (!indexed) {
      return Map.of();
    }
    StringBuilder lines = new StringBuilder();
    for (IndexedFile file : files) {
      if (file.name().endsWith(".txt")) {
        lines.append(file.file().samples()).append(' ').append(file.name()).append('\n');
      }
    }
    return Map.of("index.txt", lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static final class TextWriter implements ShardWriter<TokenizedDocument> {
    private final Path text;
    private final Path count;
    private final long samples;
    private final Writer writer;
    private long tokens;

    TextWriter(Path text, Path count, long samples) throws IOException {
      this.text = text;
      this.count = count;
      this.samples = samples;
      this.writer = Files.newBufferedWriter(text);
    }

    @Override
    public void write(TokenizedDocument document) throws IOException {
      writer.write(document.id() + " " + document.tokens() + "\n");
      tokens += document.tokens().length();
    }

    @Override
    public List<LocalFile> finish() throws IOException {
      writer.close();
      Files.writeString(count, samples + "\n");
      return List.of(
          LocalFile.whole(text, ".txt", samples), LocalFile.whole(count, ".count", samples));
    }

    @Override
    public SortedMap<String, Long> counts() {
      return new TreeMap<>(Map.of("tokens", tokens, "lines", samples));
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }
}
