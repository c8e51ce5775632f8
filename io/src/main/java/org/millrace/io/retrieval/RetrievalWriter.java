package org.millrace.io.retrieval;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.mds.PythonJson;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardWriter;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenWindow;
import org.millrace.transforms.tokenize.PassageText;
import org.millrace.transforms.tokenize.Tokenizer;

/** Writes the passages of a domain in one part. */
final class RetrievalWriter implements ShardWriter<TokenWindow> {

  private final Path path;
  private final Tokenizer tokenizer;
  private final PassageText text;
  private final long samples;
  private final OutputStream out;
  private long written;
  private long tokens;
  private long neighbors;

  RetrievalWriter(Path path, Tokenizer tokenizer, Set<Integer> hidden, long samples)
      throws IOException {
    this.path = path;
    this.tokenizer = tokenizer;
    this.text = new PassageText(tokenizer, hidden);
    this.samples = samples;
    this.out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16);
  }

  @Override
  public void write(TokenWindow window) throws IOException {
    TokenIds contents = window.own();
    TokenIds neighbor = window.following();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put(RetrievalIO.ID, window.domain() + "_" + window.part() + "_" + window.index());
    line.put(RetrievalIO.CONTENTS, text.of(contents));
    line.put(RetrievalIO.NEIGHBOR, text.of(neighbor));
    line.put(RetrievalIO.CONTENTS_IDS, list(contents));
    line.put(RetrievalIO.NEIGHBOR_IDS, list(neighbor));
    out.write((PythonJson.encode(line) + "\n").getBytes(StandardCharsets.US_ASCII));
    written++;
    tokens += contents.length();
    neighbors += neighbor.length();
  }

  private static List<Integer> list(TokenIds ids) {
    List<Integer> list = new ArrayList<>(ids.length());
    for (int i = 0; i < ids.length(); i++) {
      list.add(ids.get(i));
    }
    return list;
  }

  @Override
  public List<LocalFile> finish() throws IOException {
    if (written != samples) {
      throw new IllegalStateException("expected " + samples + " samples, got " + written);
    }
    out.close();
    return List.of(LocalFile.whole(path, RetrievalIO.EXTENSION, samples));
  }

  @Override
  public SortedMap<String, Long> counts() {
    return new TreeMap<>(Map.of("tokens", tokens, "neighbor_tokens", neighbors));
  }

  @Override
  public void close() throws IOException {
    tokenizer.close();
    out.close();
  }
}
