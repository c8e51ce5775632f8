package org.millrace.transforms.tokenize;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millrace.transforms.data.TokenIds;

/**
 * Compares the Java engine with the library, text by text, before a job relies on it: on texts of
 * the job and on {@value #TRICKY_TEXTS} tricky ones. A text that Java leaves to the library is
 * passed over.
 *
 * <pre>{@code
 * EngineCheck.run(spec, List.of("a text of the job", "another one"));
 * }</pre>
 */
public final class EngineCheck {

  /** The library takes 50 ms for so many. */
  static final int TRICKY_TEXTS = 2000;

  private static final int IDS_BEFORE = 3;
  private static final int IDS_SHOWN = 10;
  private static final int CHARS_SHOWN = 160;

  /** Gives the ids of a text, or nothing where it leaves the text to the other. */
  interface Encoder {
    Optional<TokenIds> encode(String text);
  }

  private EngineCheck() {}

  /**
   * Compares the engines of a tokenizer.
   *
   * @param spec of a tokenizer that the Java engine understands
   * @param texts of the job
   * @throws TokenizerMismatchException where one text gets different ids
   * @throws IOException where the tokenizer's file cannot be read
   */
  public static void run(TokenizerSpec spec, List<String> texts) throws IOException {
    try (Tokenizer opened = spec.withEngine(TokenizerEngine.JAVA).open()) {
      JavaTokenizer java = (JavaTokenizer) ((SharedTokenizer) opened).tokenizer();
      run(spec, java, texts);
    }
  }

  private static void run(TokenizerSpec spec, JavaTokenizer java, List<String> texts) {
    TrickyTexts hard = new TrickyTexts(java.json().vocabulary().added());
    List<String> all = new ArrayList<>(texts);
    for (int seed = 0; seed < TRICKY_TEXTS; seed++) {
      all.add(hard.text(seed));
    }
    try (Tokenizer library = new HuggingFaceTokenizer(java.json(), spec.parseSpecialTokens())) {
      Optional<String> difference =
          difference(java::encodeHere, text -> Optional.of(library.encode(text)), all);
      if (difference.isPresent()) {
        throw new TokenizerMismatchException(
            "tokenizer "
                + spec.name()
                + ": the Java encoder is wrong about a text, and nothing was written; "
                + difference.get()
                + "; set tokenize.engine to djl, and report this");
      }
    }
  }

  /** What the first text is about which two encoders differ, if there is one. */
  static Optional<String> difference(Encoder java, Encoder library, Iterable<String> texts) {
    for (String text : texts) {
      Outcome here = Outcome.of(java, text);
      if (here.ids().isEmpty() && here.error().isEmpty()) {
        continue;
      }
      Outcome there = Outcome.of(library, text);
      if (!here.equals(there)) {
        return Optional.of(describe(text, here, there));
      }
    }
    return Optional.empty();
  }

  /**
   * What became of a text.
   *
   * @param error why it has no ids; empty where it has
   */
  private record Outcome(Optional<TokenIds> ids, String error) {
    private static Outcome of(Encoder encoder, String text) {
      try {
        return new Outcome(encoder.encode(text), "");
      } catch (UntokenizableTextException e) {
        return new Outcome(Optional.empty(), String.valueOf(e.getMessage()));
      }
    }

    private TokenIds idsOrNone() {
      return ids.orElse(TokenIds.of());
    }

    private String from(int first) {
      if (ids.isEmpty()) {
        return "\"" + error + "\"";
      }
      StringBuilder shown = new StringBuilder();
      for (int i = first; i < Math.min(first + IDS_SHOWN, ids.get().length()); i++) {
        shown.append(shown.isEmpty() ? "" : " ").append(ids.get().get(i));
      }
      return "[" + shown + "] of " + ids.get().length();
    }
  }

  private static String describe(String text, Outcome here, Outcome there) {
    TokenIds one = here.idsOrNone();
    TokenIds other = there.idsOrNone();
    int same = 0;
    while (same < Math.min(one.length(), other.length()) && one.get(same) == other.get(same)) {
      same++;
    }
    int first = Math.max(0, same - IDS_BEFORE);
    return String.format(
        Locale.ROOT,
        "at token %d, ids from token %d on: Java %s, library %s; text of %d characters: %s",
        same,
        first,
        here.from(first),
        there.from(first),
        text.length(),
        excerpt(text, (double) same / Math.max(1, Math.max(one.length(), other.length()))));
  }

  /** A part of a text, in ASCII, around the place up to which a share of it is equal. */
  static String excerpt(String text, double equal) {
    int start =
        Math.max(0, Math.min(text.length() - CHARS_SHOWN, (int) (text.length() * equal) - 80));
    int end = Math.min(text.length(), start + CHARS_SHOWN);
    StringBuilder shown = new StringBuilder(start > 0 ? "...\"" : "\"");
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        shown.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7f) {
        shown.append(c);
      } else {
        shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return shown.append(end < text.length() ? "\"..." : "\"").toString();
  }
}
