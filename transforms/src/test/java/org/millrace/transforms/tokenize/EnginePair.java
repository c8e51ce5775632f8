package org.millrace.transforms.tokenize;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.tokenize.bpe.UnsupportedTokenizerException;

/** Both engines of one tokenizer, and how many texts they were asked about. */
final class EnginePair implements AutoCloseable {

  private final String name;
  private final TrickyTexts hard;
  private final JavaTokenizer java;
  private final HuggingFaceTokenizer library;
  private final LongAdder texts = new LongAdder();
  private final LongAdder chars = new LongAdder();
  private final LongAdder left = new LongAdder();

  EnginePair(String name, byte[] bytes, boolean parseSpecialTokens, SplitDigits splitDigits)
      throws UnsupportedTokenizerException {
    this.name = name + (parseSpecialTokens ? " parsed" : "") + " " + splitDigits;
    TokenizerJson json = new TokenizerJson(this.name, bytes, splitDigits);
    this.hard = new TrickyTexts(json.vocabulary().added());
    this.java = new JavaTokenizer(json, parseSpecialTokens);
    this.library = new HuggingFaceTokenizer(json, parseSpecialTokens);
  }

  String name() {
    return name;
  }

  TrickyTexts hard() {
    return hard;
  }

  /** What the engines differ about in a text. */
  Optional<String> difference(String text) {
    texts.increment();
    chars.add(text.length());
    return EngineCheck.difference(
        here -> {
          Optional<TokenIds> ids = java.encodeHere(here);
          if (ids.isEmpty()) {
            left.increment();
          }
          return ids;
        },
        there -> Optional.of(library.encode(there)),
        List.of(text));
  }

  String counts() {
    return "%d texts, %d characters, %d left to the library"
        .formatted(texts.sum(), chars.sum(), left.sum());
  }

  long textCount() {
    return texts.sum();
  }

  @Override
  public void close() {
    java.close();
    library.close();
  }
}
