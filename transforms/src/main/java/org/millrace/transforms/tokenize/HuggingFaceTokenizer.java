package org.millrace.transforms.tokenize;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.transforms.data.TokenIds;

/**
 * A tokenizer.json in the library it was made for.
 *
 * <p>Only ids are fetched from the native side: tokens and offsets would cost a fifth more. The
 * methods of {@link TokenizersLibrary} are used as they are, because DJL's own face on them cuts a
 * text at 512 tokens, pads, and adds special tokens unless told otherwise.
 */
final class HuggingFaceTokenizer implements Tokenizer {

  /**
   * How long a text may be, in UTF-16 units. The native side takes 100 to 170 bytes for each: 2 to
   * 3 GB for the longest.
   */
  static final int MAX_LENGTH = 1 << 24;

  private final TokenizerJson json;
  private final Vocabulary vocabulary;
  private final boolean parseSpecialTokens;
  private final TokenizersLibrary library;
  private final long encoder;
  // Opened at the first use: few jobs decode, and a second tokenizer takes some 100 MB.
  private long decoder;
  private volatile boolean closed;

  /**
   * Opens a tokenizer.
   *
   * @param parseSpecialTokens whether text that reads as a special token becomes its id
   * @throws IllegalArgumentException where the library refuses the JSON
   */
  HuggingFaceTokenizer(TokenizerJson json, boolean parseSpecialTokens) {
    this.json = json;
    this.vocabulary = json.vocabulary();
    this.parseSpecialTokens = parseSpecialTokens;
    this.library = NativeLibrary.tokenizers();
    this.encoder = create(parseSpecialTokens ? json.parsing() : json.textOnly());
    this.decoder = parseSpecialTokens ? encoder : 0;
  }

  private long create(String tokenizer) {
    try {
      return library.createTokenizerFromString(tokenizer);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          json.name() + ": the tokenizers library cannot load it: " + e.getMessage(), e);
    }
  }

  @Override
  public TokenizerEngine engine() {
    return TokenizerEngine.DJL;
  }

  @Override
  public TokenIds encode(String text) {
    long[] ids = nativeIds(text);
    int[] tokens = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      long id = ids[i];
      if (id < 0 || id >= vocabulary.size()) {
        throw new UntokenizableTextException(
            String.format(
                Locale.ROOT,
                "token %d of the text has the id %d, expected 0..%d",
                i,
                id,
                vocabulary.size() - 1));
      }
      tokens[i] = (int) id;
      if (!parseSpecialTokens && vocabulary.isControl(tokens[i])) {
        throw becameControl(vocabulary, i, tokens[i]);
      }
    }
    return TokenIds.wrap(tokens);
  }

  /** The error of a text in which a control token is written out. */
  static UntokenizableTextException becameControl(Vocabulary vocabulary, int place, int id) {
    return new UntokenizableTextException(
        String.format(
            Locale.ROOT,
            "token %d of the text became the control token %s (id %d), although text is only"
                + " text; set parse_special_tokens to true if that is wanted",
            place,
            vocabulary.tokenOf(id).orElse("?"),
            id));
  }

  private long[] nativeIds(String text) {
    checkOpen();
    UntokenizableTextException.checkLength(text, MAX_LENGTH);
    try {
      long encoding = library.encode(encoder, text, false);
      try {
        return library.getTokenIds(encoding);
      } finally {
        library.deleteEncoding(encoding);
      }
    } catch (RuntimeException e) {
      // All that the native side throws; it does no I/O, so the text is at fault.
      throw new UntokenizableTextException("the tokenizers library says: " + e.getMessage(), e);
    }
  }

  @Override
  public String decode(TokenIds ids) {
    long[] wide = new long[ids.length()];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = ids.get(i);
    }
    return library.decode(decoder(), wide, false);
  }

  private synchronized long decoder() {
    checkOpen();
    if (decoder == 0) {
      decoder = create(json.parsing());
    }
    return decoder;
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

  /** Must come after all calls of other methods have returned. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      library.deleteTokenizer(encoder);
      if (decoder != 0 && decoder != encoder) {
        library.deleteTokenizer(decoder);
      }
    }
  }
}
