package org.millrace.runners;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.tokenize.Tokenizer;

/**
 * Shows a sample as text with its ids beside it, document by document.
 *
 * @param endOfText the token that ends a document, where there is one
 * @param sentinels of fill-in-the-middle, where there are any
 * @param unfim whether permuted texts are shown as they were before
 */
record SampleText(
    Tokenizer tokenizer,
    OptionalInt endOfText,
    Optional<StoredSentinels> sentinels,
    boolean unfim) {

  /** Shows samples without sentinels. */
  SampleText(Tokenizer tokenizer, OptionalInt endOfText) {
    this(tokenizer, endOfText, Optional.empty(), false);
  }

  private static final int IDS_SHOWN = 12;

  /**
   * The sample's documents, as far as they are in it, told apart by the end-of-text.
   *
   * @param limit how many characters of each document are shown
   */
  List<String> lines(TokenIds sample, int limit) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    int number = 1;
    while (start < sample.length()) {
      int end = documentEnd(sample, start);
      int next = paddingEnd(sample, end);
      lines.addAll(document(sample, number++, start, end, ending(sample.slice(start, end)), limit));
      if (next > end) {
        String more = PlainText.of(decode(sample.slice(end, end + 1)));
        lines.add(
            String.format("--- tokens %d..%d: %d more of %s", end, next - 1, next - end, more));
      }
      start = next;
    }
    return lines;
  }

  /**
   * The sample's documents, told apart by where they end.
   *
   * @param ends the places behind their last tokens, in order and within the sample
   */
  List<String> lines(TokenIds sample, int[] ends, int limit) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    int number = 1;
    for (int end : ends) {
      lines.addAll(document(sample, number++, start, end, ", ends here", limit));
      start = end;
    }
    if (start < sample.length()) {
      lines.addAll(
          document(sample, number, start, sample.length(), ", does not end in this sample", limit));
    }
    return lines;
  }

  private List<String> document(
      TokenIds sample, int number, int start, int end, String ending, int limit) {
    TokenIds part = sample.slice(start, end);
    List<String> lines = new ArrayList<>();
    lines.add(String.format("--- document %d: tokens %d..%d%s", number, start, end - 1, ending));
    if (unfim && sentinels.isPresent()) {
      UnpermutedText text =
          UnpermutedText.of(part, sentinels.get().tokens(), endOfText, end == contentEnd(sample));
      part = text.ids();
      if (!text.said().isEmpty()) {
        lines.add("    " + text.said());
      }
    }
    lines.add("    ids " + ids(part));
    PlainText.shorten(decode(part), limit)
        .lines()
        .forEach(line -> lines.add("    " + PlainText.of(line)));
    return lines;
  }

  private String decode(TokenIds ids) {
    return sentinels
        .map(known -> known.decode(tokenizer, ids))
        .orElseGet(() -> tokenizer.decode(ids));
  }

  /** Where the padding of fill-in-the-middle begins. */
  private int contentEnd(TokenIds sample) {
    int end = sample.length();
    while (end > 0 && sample.get(end - 1) == sentinels.orElseThrow().tokens().pad()) {
      end--;
    }
    return end;
  }

  private int documentEnd(TokenIds sample, int start) {
    int end = start;
    while (end < sample.length() && !isEnd(sample.get(end))) {
      end++;
    }
    return Math.min(sample.length(), end + 1);
  }

  /** A sample may be padded with the end-of-text, which hides the text when shown as it is. */
  private int paddingEnd(TokenIds sample, int start) {
    int end = start;
    while (end < sample.length() && isEnd(sample.get(end))) {
      end++;
    }
    return end;
  }

  private boolean isEnd(int id) {
    return endOfText.isPresent() && id == endOfText.getAsInt();
  }

  private String ending(TokenIds part) {
    if (endOfText.isEmpty()) {
      return "";
    }
    boolean ends = isEnd(part.get(part.length() - 1));
    return ends ? ", ends here" : ", goes on in another sample";
  }

  /** The ids; of many the first and the last ones. */
  static String ids(TokenIds part) {
    if (part.length() <= 2 * IDS_SHOWN) {
      return join(part);
    }
    return join(part.slice(0, IDS_SHOWN))
        + " ... "
        + join(part.slice(part.length() - IDS_SHOWN, part.length()));
  }

  private static String join(TokenIds ids) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < ids.length(); i++) {
      words.add(Integer.toString(ids.get(i)));
    }
    return String.join(" ", words);
  }
}
