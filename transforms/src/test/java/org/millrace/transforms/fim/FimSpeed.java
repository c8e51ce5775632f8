package org.millrace.transforms.fim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Utf8;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.Tally;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * Measures how many packed samples a thread permutes in an hour.
 *
 * <p>Arguments: a tokenizer with {@code <s>} and {@code </s>}; a folder of source code; how many
 * megabytes of it; the tokens of a sample; the share of texts to permute. Files are documents, in
 * the order of their paths, and packed to samples, over which each span runs five times; the median
 * counts.
 */
public final class FimSpeed {

  private static final int PASSES = 5;

  private FimSpeed() {}

  /** Prints a line for each span. */
  public static void main(String[] args) throws Exception {
    int length = Integer.parseInt(args[3]);
    double rate = Double.parseDouble(args[4]);
    TokenizerSpec spec = TokenizerSpec.of(args[0], false);
    try (Tokenizer tokenizer = spec.open()) {
      int bos = tokenizer.idOf("<s>").orElseThrow();
      int eos = tokenizer.idOf("</s>").orElseThrow();
      List<PackedSequence> rows =
          rows(texts(Path.of(args[1]), Long.parseLong(args[2]) << 20), tokenizer, bos, eos, length);
      FimTokens sentinels =
          FimSentinels.of(List.of("auto", "auto", "auto", "auto"), tokenizer).tokens();
      FimSettings settings =
          FimSettings.of(sentinels).withRate(rate).withBos(bos).withEos(eos).withSeed(1);
      measure("token", rows, settings, FimSpans.ofTokens());
      measure("char", rows, settings, FimSpans.ofCharacters(tokenizer.innerText()));
    }
  }

  private static List<String> texts(Path folder, long limit) throws IOException {
    List<String> texts = new ArrayList<>();
    long bytes = 0;
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      byte[] content = Files.readAllBytes(file);
      if (bytes + content.length <= limit && content.length > 0 && Utf8.isWellFormed(content)) {
        texts.add(Files.readString(file));
        bytes += content.length;
      }
    }
    return texts;
  }

  private static List<PackedSequence> rows(
      List<String> texts, Tokenizer tokenizer, int bos, int eos, int length) {
    IdList stream = new IdList(1 << 20);
    for (String text : texts) {
      stream.add(bos).add(tokenizer.encode(text)).add(eos);
    }
    TokenIds ids = stream.tokens();
    List<PackedSequence> rows = new ArrayList<>();
    for (int at = 0; at + length < ids.length(); at += length) {
      rows.add(
          new PackedSequence(
              new OrderKey(0, at),
              "0/" + rows.size(),
              ids.slice(at, at + length),
              List.of(new Piece("code", length, false, false, 0)),
              OptionalInt.of(ids.get(at + length))));
    }
    return rows;
  }

  private static void measure(
      String span, List<PackedSequence> rows, FimSettings settings, FimSpans spans) {
    SequencePermuter permuter =
        new SequencePermuter(
            settings.permuter(spans), settings.frame(), settings.getSentinels().pad());
    double[] seconds = new double[PASSES];
    FimCounts counts = FimCounts.none();
    for (int pass = 0; pass < PASSES; pass++) {
      // Another seed, other cuts: no pass finds the words of the one before.
      StableHash hash = StableHash.of("fim", pass);
      FimCounts.Counter counter = new FimCounts.Counter();
      Tally tally = new Tally();
      long start = System.nanoTime();
      for (PackedSequence row : rows) {
        permuter.permute(row, hash.keyOf(row.id()), counter, tally);
      }
      seconds[pass] = (System.nanoTime() - start) / 1e9;
      counts = counter.counts();
    }
    Arrays.sort(seconds);
    double median = seconds[PASSES / 2];
    System.out.printf(
        Locale.ROOT,
        "%-5s %,d samples of %,d tokens in %.3f s: %.2f million samples an hour; %s%n",
        span,
        rows.size(),
        rows.get(0).tokens().length(),
        median,
        rows.size() / median * 3600 / 1e6,
        counts);
  }
}
