package org.millrace.transforms.tokenize;

import java.util.Optional;
import java.util.OptionalInt;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.tokenize.bpe.BpeTokenizer;
import org.millrace.transforms.tokenize.bpe.UnsupportedTextException;
import org.millrace.transforms.tokenize.bpe.UnsupportedTokenizerException;

/**
 * A tokenizer.json in Java, with the library beside it for decoding and for those texts that Java
 * leaves to it. The library takes some 100 MB, so it is opened when it is first needed.
 */
final class JavaTokenizer implements Tokenizer {

  private static final Counter LEFT = Metrics.counter(Tokenize.class, "textsEncodedByLibrary");

  private final TokenizerJson json;
  private final Vocabulary vocabulary;
  private final boolean parseSpecialTokens;
  private final BpeTokenizer encoder;
  private HuggingFaceTokenizer library;
  private InnerText inner;
  private volatile boolean closed;

  /**
   * Opens a tokenizer.
   *
   * @param parseSpecialTokens whether text that reads as a special token becomes its id
   * @throws UnsupportedTokenizerException where it has a part that Java does not understand
   */
  JavaTokenizer(TokenizerJson json, boolean parseSpecialTokens)
      throws UnsupportedTokenizerException {
    this.json = json;
    this.vocabulary = json.vocabulary();
    this.parseSpecialTokens = parseSpecialTokens;
    this.encoder =
        BpeTokenizer.of(json.name(), parseSpecialTokens ? json.parsing() : json.textOnly());
  }

  /** What it was made of. */
  TokenizerJson json() {
    return json;
  }

  @Override
  public TokenizerEngine engine() {
    return TokenizerEngine.JAVA;
  }

  @Override
  public TokenIds encode(String text) {
    Optional<TokenIds> ids = encodeHere(text);
    if (ids.isPresent()) {
      return ids.get();
    }
    LEFT.inc();
    return library().encode(text);
  }

  /** The ids of a text, or nothing where it is left to the library. */
  Optional<TokenIds> encodeHere(String text) {
    checkOpen();
    TokenIds ids;
    try {
      ids = encoder.encode(text);
    } catch (UnsupportedTextException e) {
      return Optional.empty();
    }
    if (!parseSpecialTokens) {
      refuseControls(ids);
    }
    return Optional.of(ids);
  }

  /** As for the library: text must not become what only a framing may add. */
  private void refuseControls(TokenIds ids) {
    int control = vocabulary.indexOfControl(ids);
    if (control >= 0) {
      throw HuggingFaceTokenizer.becameControl(vocabulary, control, ids.get(control));
    }
  }

  @Override
  public String decode(TokenIds ids) {
    return library().decode(ids);
  }

  private synchronized HuggingFaceTokenizer library() {
    checkOpen();
    if (library == null) {
      library = new HuggingFaceTokenizer(json, parseSpecialTokens);
    }
    return library;
  }

  /** Whether the library was needed. */
  synchronized boolean hasLibrary() {
    return library != null;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the tokenizer " + json.name() + " is closed");
    }
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public OptionalInt idOf(String token) {
    return vocabulary.idOf(token);
  }

  @Override
  public Optional<String> tokenOf(int id) {
    return vocabulary.tokenOf(id);
  }

  /** Opened when it is first needed: it takes as much memory as the tokenizer itself. */
  @Override
  public synchronized InnerText innerText() {
    checkOpen();
    if (inner == null) {
      try {
        inner = new InnerText(json);
      } catch (UnsupportedTokenizerException e) {
        throw new IllegalStateException(json.name() + " was understood, but not within text", e);
      }
    }
    return inner;
  }

  /** Must come after all calls of other methods have returned. */
  @Override
  public synchronized void close() {
    closed = true;
    if (library != null) {
      library.close();
      library = null;
    }
  }
}
