package org.millrace.transforms.tokenize;

import java.io.IOException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.millrace.transforms.tokenize.bpe.UnsupportedTokenizerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the tokenizer that a {@link TokenizerSpec} asks for. */
final class TokenizerLoader {

  private static final Logger LOG = LoggerFactory.getLogger(TokenizerLoader.class);

  private static final String SENTENCE_PIECE = "kind, a SentencePiece model";

  private static final String FALLBACK =
      "tokenizer {}: the Java encoder does not understand its {}; the library encodes instead";

  private TokenizerLoader() {}

  /**
   * Refuses a file that is no tokenizer.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  static void check(TokenizerFile file, byte[] bytes) {
    if (file.isSentencePiece()) {
      new SentencePieceModel(file.path(), bytes);
    } else {
      new TokenizerJson(file.path(), bytes);
    }
  }

  /**
   * Loads a tokenizer.
   *
   * @throws IOException where the file is gone, or is not the one that the job began with
   * @throws IllegalArgumentException where it cannot be used as it is asked for
   */
  static Tokenizer load(TokenizerSpec spec) throws IOException {
    byte[] bytes = read(spec);
    return isSentencePiece(spec)
        ? sentencePiece(spec, bytes)
        : tokenizerJson(spec, new TokenizerJson(spec.path(), bytes, spec.splitDigits()));
  }

  private static boolean isSentencePiece(TokenizerSpec spec) throws IOException {
    return TokenizerFile.at(spec.path()).isSentencePiece();
  }

  private static byte[] read(TokenizerSpec spec) throws IOException {
    byte[] bytes = TokenizerFile.at(spec.path()).read();
    String sha256 = TokenizerFile.sha256(bytes);
    if (!sha256.equals(spec.sha256())) {
      throw new IOException(
          "%s: expected a file with SHA-256 %s, got one with %s; it changed after the job was set"
                  .formatted(spec.path(), spec.sha256(), sha256)
              + " up, or this worker sees another file: start the job again");
    }
    return bytes;
  }

  private static Tokenizer sentencePiece(TokenizerSpec spec, byte[] bytes) {
    if (spec.engine() == TokenizerEngine.JAVA) {
      throw noJava(spec, SENTENCE_PIECE, null);
    }
    if (spec.parseSpecialTokens()) {
      throw new IllegalArgumentException(
          "%s: tokenize.parse_special_tokens cannot be true: a SentencePiece model finds no control"
                  .formatted(spec.path())
              + " symbols in text; set it to false");
    }
    if (spec.splitDigits() != SplitDigits.NONE) {
      throw new IllegalArgumentException(
          "%s: tokenize.split_digits must be none: a SentencePiece model says itself how numbers"
                  .formatted(spec.path())
              + " are cut; use a tokenizer.json for another way");
    }
    if (spec.engine() == TokenizerEngine.AUTO) {
      LOG.info(FALLBACK, spec.name(), SENTENCE_PIECE);
    }
    return new SentencePieceTokenizer(new SentencePieceModel(spec.path(), bytes), bytes);
  }

  private static Tokenizer tokenizerJson(TokenizerSpec spec, TokenizerJson json) {
    return switch (spec.engine()) {
      case AUTO -> javaOrLibrary(spec, json);
      case JAVA -> java(spec, json);
      case DJL -> new HuggingFaceTokenizer(json, spec.parseSpecialTokens());
    };
  }

  private static Tokenizer javaOrLibrary(TokenizerSpec spec, TokenizerJson json) {
    try {
      return new JavaTokenizer(json, spec.parseSpecialTokens());
    } catch (UnsupportedTokenizerException e) {
      LOG.info(FALLBACK, spec.name(), e.getMessage());
      return new HuggingFaceTokenizer(json, spec.parseSpecialTokens());
    }
  }

  /** A tokenizer in Java, or an error that says why there is none. */
  private static JavaTokenizer java(TokenizerSpec spec, TokenizerJson json) {
    try {
      return new JavaTokenizer(json, spec.parseSpecialTokens());
    } catch (UnsupportedTokenizerException e) {
      throw noJava(spec, e.getMessage(), e);
    }
  }

  private static IllegalArgumentException noJava(
      TokenizerSpec spec, String part, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "%s: tokenize.engine cannot be java, which does not understand its %s; set it to auto or"
                .formatted(spec.path(), part)
            + " djl",
        cause);
  }
}
