package org.millrace.io.mds;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.millrace.io.column.Column;
import org.millrace.io.column.NdArray;
import org.millrace.io.column.TargetColumns;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.TokenDigest;

/** Reads all samples of a shard and reports what is wrong with them. */
final class SampleCheck {

  private final RawShard shard;
  private final long vocabularySize;
  private final Consumer<Finding> findings;
  private final List<Column> columns;
  private final TokenColumns ids;
  private final TokenDigest.Builder digest = new TokenDigest.Builder();

  SampleCheck(RawShard shard, long vocabularySize, Consumer<Finding> findings) {
    this.shard = shard;
    this.vocabularySize = vocabularySize;
    this.findings = findings;
    this.columns = shard.config().columns();
    this.ids = TokenColumns.of(columns);
  }

  ShardReader.Contents run() throws IOException {
    String path = shard.file().path();
    if (shard.samples() == 0) {
      findings.accept(Finding.at(path, 0, "samples", "1 or more", 0));
    }
    if (shard.end() < shard.file().bytes()) {
      findings.accept(Finding.of(path, "end of the samples", shard.file().bytes(), shard.end()));
    }
    try (RawShard.Samples samples = shard.read(0)) {
      for (Optional<MdsSample> next = samples.next(); next.isPresent(); next = samples.next()) {
        check(next.get());
      }
    }
    return new ShardReader.Contents(shard.samples(), digest.build());
  }

  private void check(MdsSample sample) {
    try {
      sample.checkLengths();
      checkValues(sample);
    } catch (IOException e) {
      report(e);
    }
    if (ids.tokens().isPresent()) {
      digest.endSample();
    }
  }

  private void report(IOException e) {
    String path = shard.file().path();
    findings.accept(new Finding(path, e.getMessage().substring(path.length() + 2)));
  }

  private void checkValues(MdsSample sample) throws IOException {
    Optional<NdArray> tokens = Optional.empty();
    Optional<NdArray> labels = Optional.empty();
    Optional<NdArray> mask = Optional.empty();
    Optional<NdArray> targets = Optional.empty();
    Optional<NdArray> values = Optional.empty();
    for (int i = 0; i < columns.size(); i++) {
      try {
        Object value = sample.value(i);
        if (value instanceof NdArray array) {
          String name = columns.get(i).name();
          targets = name.equals(Column.TARGET_INDEX) ? Optional.of(array) : targets;
          values = name.equals(Column.TARGET_PROB) ? Optional.of(array) : values;
        }
        if (value instanceof NdArray array && array.dtype().isInteger()) {
          boolean main = ids.tokens().isPresent() && ids.tokens().getAsInt() == i;
          if (main || ids.others().contains(i)) {
            checkIds(array, sample, i, main);
          }
          tokens = columns.get(i).name().equals(Column.TOKENS) ? Optional.of(array) : tokens;
          labels = columns.get(i).name().equals(Column.LABELS) ? Optional.of(array) : labels;
          mask = columns.get(i).name().equals(Column.MASK) ? Optional.of(array) : mask;
        }
      } catch (IOException e) {
        report(e);
      }
    }
    if (tokens.isPresent() && labels.isPresent()) {
      checkLabels(sample, tokens.get(), labels.get(), mask);
    }
    if (targets.isPresent() && values.isPresent()) {
      TargetColumns.problem(targets.get(), values.get())
          .ifPresent(
              problem -> {
                String text = "sample " + sample.number() + ", targets: " + problem;
                findings.accept(new Finding(shard.file().path(), text));
              });
    }
  }

  private void checkIds(NdArray array, MdsSample sample, int column, boolean main)
      throws IOException {
    int width = array.dtype().bytes();
    for (int i = 0; i < array.elements(); i++) {
      long id = array.dtype().get(array.data(), i * width);
      if (main) {
        digest.add(id);
      }
      boolean ignored = id < 0 && columns.get(column).name().equals(Column.LABELS);
      if (!ignored && (id < 0 || id >= vocabularySize)) {
        String problem = sample.at(column) + ", id " + i;
        String expected = "0.." + (vocabularySize - 1);
        findings.accept(Finding.of(shard.file().path(), problem, expected, id));
      }
    }
  }

  /**
   * A label that counts is the next token; of the last one nothing is known here. Negative ones do
   * not count, as -100 in the transformers library, nor do those that are masked.
   */
  private void checkLabels(
      MdsSample sample, NdArray tokens, NdArray labels, Optional<NdArray> mask) {
    String path = shard.file().path();
    String where = "sample " + sample.number() + ", label";
    if (tokens.elements() != labels.elements()) {
      findings.accept(Finding.of(path, where + "s", tokens.elements(), labels.elements()));
      return;
    }
    for (int i = 0; i + 1 < tokens.elements(); i++) {
      long next = tokens.dtype().get(tokens.data(), (i + 1) * tokens.dtype().bytes());
      long label = labels.dtype().get(labels.data(), i * labels.dtype().bytes());
      if (next != label && label >= 0 && !isMasked(mask, i)) {
        findings.accept(Finding.of(path, where + " " + i, "the next token " + next, label));
      }
    }
  }

  private static boolean isMasked(Optional<NdArray> mask, int index) {
    return mask.isPresent()
        && index < mask.get().elements()
        && mask.get().dtype().get(mask.get().data(), index * mask.get().dtype().bytes()) == 0;
  }
}
