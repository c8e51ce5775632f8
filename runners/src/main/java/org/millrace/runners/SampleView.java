package org.millrace.runners;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.io.column.Column;
import org.millrace.io.shard.Manifest;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.TokenColumn;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * Shows samples with all that they hold.
 *
 * @param manifest of the dataset, where there is one
 * @param tokenizer the path that was given; may be empty
 * @param limit how many characters of a text are shown
 * @param sentinels of fill-in-the-middle, where there are any
 * @param unfim whether permuted texts are shown as they were before
 */
record SampleView(
    Terminal terminal,
    Optional<Manifest> manifest,
    String tokenizer,
    int limit,
    Optional<StoredSentinels> sentinels,
    boolean unfim) {

  /**
   * Prints a sample.
   *
   * @param number of the sample
   * @param samples how many there are
   */
  void show(String format, StoredSample sample, long number, long samples) throws IOException {
    Optional<String> column = TokenColumn.find(sample.columns()).map(Column::name);
    Optional<TokenIds> ids = Optional.empty();
    if (column.isPresent()) {
      ids = Optional.of(sample.ids(column.get(), "sample " + number));
    }
    String size = ids.map(found -> ": " + Amounts.of(found.length(), "token", "tokens")).orElse("");
    terminal.out().printf("%s, sample %d of %s%s%n", format, number, Amounts.count(samples), size);
    if (ids.isPresent()) {
      showTokens(ids.get(), documentEnds(sample, ids.get()));
    }
    new ColumnText(sample, limit).lines(column, ids).forEach(terminal.out()::println);
  }

  private void showTokens(TokenIds ids, Optional<int[]> ends) throws IOException {
    Optional<TokenizerSpec> spec =
        manifest.isPresent()
            ? TokenizerFinder.find(tokenizer, manifest.get())
            : TokenizerFinder.find(tokenizer);
    if (spec.isEmpty()) {
      terminal.out().println("ids " + SampleText.ids(ids));
      terminal.out().println("--tokenizer=PATH shows it as text" + wanted() + ".");
      return;
    }
    try (Tokenizer opened = spec.get().open()) {
      OptionalInt end =
          manifest.isPresent()
              ? TokenizerFinder.endOfText(manifest.get(), opened)
              : OptionalInt.empty();
      SampleText text = new SampleText(opened, end, sentinels, unfim);
      List<String> lines =
          ends.isPresent() ? text.lines(ids, ends.get(), limit) : text.lines(ids, limit);
      lines.forEach(terminal.out()::println);
      terminal.out().println(boundaries(end, opened, ends.isPresent()));
    }
  }

  private String wanted() {
    return manifest
        .map(found -> found.header().tokenizer())
        .filter(known -> known.isKnown())
        .map(known -> "; it needs the tokenizer " + PlainText.of(known.name()))
        .orElse("");
  }

  private static String boundaries(OptionalInt end, Tokenizer tokenizer, boolean kept) {
    if (kept) {
      return "(documents are told apart by document_ends)";
    }
    return end.isPresent()
        ? String.format(
            "(documents are told apart by the token %s, id %d; the format itself keeps no"
                + " boundaries)",
            tokenizer.tokenOf(end.getAsInt()).orElse("?"), end.getAsInt())
        : "(it is not known which token ends a document, so that they cannot be told apart)";
  }

  /** The places where documents end, where the format keeps them and they are in order. */
  private static Optional<int[]> documentEnds(StoredSample sample, TokenIds ids)
      throws IOException {
    if (sample.index(Column.DOCUMENT_ENDS).isEmpty()) {
      return Optional.empty();
    }
    int[] ends = sample.ids(Column.DOCUMENT_ENDS, "sample").toArray();
    int before = 0;
    for (int end : ends) {
      if (end <= before || end > ids.length()) {
        return Optional.empty();
      }
      before = end;
    }
    return Optional.of(ends);
  }
}
