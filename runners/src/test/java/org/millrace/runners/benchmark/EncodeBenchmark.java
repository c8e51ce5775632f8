package org.millrace.runners.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerEngine;
import org.millrace.transforms.tokenize.TokenizerSpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long each engine takes for a slice of a corpus, in one thread, by the clock.
 *
 * <p>Each iteration is one pass over one slice. For {@link #unseen} that is text which this process
 * has not met, with a tokenizer that is new, so that the compiler is warm and every word is new;
 * for {@link #known} it is the text of the iteration before, with the tokenizer of then.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 6)
@Measurement(iterations = 5)
public class EncodeBenchmark {

  /** A tokenizer and a corpus in slices. */
  @State(Scope.Thread)
  public abstract static class Corpus {

    /** A tokenizer.json. */
    @Param("")
    public String tokenizer;

    /** A folder with .jsonl or .txt. */
    @Param("")
    public String folder;

    /** How many bytes a document has. */
    @Param({"200", "4000", "1000000"})
    public int document;

    /** How many bytes of text a slice has. */
    @Param("1500000")
    public int slice;

    @Param({"JAVA", "DJL"})
    public TokenizerEngine engine;

    private final List<List<String>> slices = new ArrayList<>();
    private Tokenizer open;

    @Setup
    public void read() throws IOException {
      long all = 16L * slice;
      List<String> current = new ArrayList<>();
      long bytes = 0;
      for (String text : CorpusTexts.shaped(CorpusTexts.read(Path.of(folder), all), document)) {
        current.add(text);
        bytes += CorpusTexts.bytes(text);
        if (bytes >= slice) {
          slices.add(current);
          current = new ArrayList<>();
          bytes = 0;
        }
      }
    }

    void open() throws IOException {
      close();
      open = TokenizerSpec.of(tokenizer, false).withEngine(engine).open();
    }

    @TearDown
    public void close() {
      if (open != null) {
        open.close();
        open = null;
      }
    }

    long encode(int index) {
      if (index >= slices.size()) {
        throw new IllegalStateException(
            "%s has %d slices of %d bytes, one for each iteration is needed; set -p slice to less"
                .formatted(folder, slices.size(), slice));
      }
      long tokens = 0;
      for (String text : slices.get(index)) {
        tokens += open.encode(text).length();
      }
      return tokens;
    }
  }

  /** New text in each iteration. */
  public static class Unseen extends Corpus {

    private int next = -1;

    @Setup(Level.Iteration)
    public void advance() throws IOException {
      open();
      next++;
    }
  }

  /** The same text in each iteration. */
  public static class Known extends Corpus {

    @Setup
    public void encodeOnce() throws IOException {
      open();
      encode(0);
    }
  }

  @Benchmark
  public long unseen(Unseen corpus) {
    return corpus.encode(corpus.next);
  }

  @Benchmark
  public long known(Known corpus) {
    return corpus.encode(0);
  }
}
