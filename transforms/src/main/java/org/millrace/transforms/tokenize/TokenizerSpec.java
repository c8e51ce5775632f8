package org.millrace.transforms.tokenize;

import java.io.IOException;
import java.io.Serializable;

/**
 * Which tokenizer a job uses, and how: small enough to travel to every worker, and exact enough
 * that all use the same one.
 *
 * <pre>{@code
 * TokenizerSpec spec = TokenizerSpec.of("models/gpt2/tokenizer.json", false);
 * try (Tokenizer tokenizer = spec.open()) {
 *   TokenIds ids = tokenizer.encode("Hello world");
 * }
 * }</pre>
 *
 * @param path a tokenizer.json or a SentencePiece model, as Beam's file systems name it; every
 *     worker must be able to read it
 * @param name what the manifest calls it
 * @param sha256 of the file, in hexadecimal; a worker refuses a file with another one
 * @param parseSpecialTokens whether text that reads as a special token becomes its id
 * @param engine what turns text into ids
 * @param splitDigits whether numbers are cut into digits
 */
public record TokenizerSpec(
    String path,
    String name,
    String sha256,
    boolean parseSpecialTokens,
    TokenizerEngine engine,
    SplitDigits splitDigits)
    implements Serializable {

  /**
   * The tokenizer at {@code path}: a tokenizer.json, a SentencePiece model, whose name ends with
   * .model, or a folder that holds a tokenizer.json or a tokenizer.model. It is called after the
   * folder, or, where the file has another name, after the file. Its engine is {@code AUTO}, and
   * numbers are cut as the file has it.
   *
   * @param parseSpecialTokens whether text that reads as a special token becomes its id; otherwise
   *     text is never more than text
   * @throws IllegalArgumentException where the file is no tokenizer
   * @throws java.io.FileNotFoundException where there is no file
   */
  public static TokenizerSpec of(String path, boolean parseSpecialTokens) throws IOException {
    TokenizerFile file = TokenizerFile.at(path);
    byte[] bytes = file.read();
    TokenizerLoader.check(file, bytes);
    return new TokenizerSpec(
        file.path(),
        file.name(),
        TokenizerFile.sha256(bytes),
        parseSpecialTokens,
        TokenizerEngine.AUTO,
        SplitDigits.NONE);
  }

  /** The same with this engine. */
  public TokenizerSpec withEngine(TokenizerEngine newEngine) {
    return new TokenizerSpec(path, name, sha256, parseSpecialTokens, newEngine, splitDigits);
  }

  /** The same with numbers cut so. */
  public TokenizerSpec withSplitDigits(SplitDigits newSplitDigits) {
    return new TokenizerSpec(path, name, sha256, parseSpecialTokens, engine, newSplitDigits);
  }

  /**
   * Opens the tokenizer, or shares one that is open already: there is one in a process, and the
   * last to close it frees it.
   *
   * @throws IOException where the file is gone, or is not the one that the job began with
   * @throws IllegalArgumentException where the file cannot be used as it is asked for: by the Java
   *     engine, with special tokens parsed, or with numbers cut
   */
  public Tokenizer open() throws IOException {
    return SharedTokenizer.open(this);
  }

  /** Keeps the tokenizers of this process open. */
  public interface Hold extends AutoCloseable {
    /** Closes those that nobody uses, unless there is another hold. */
    @Override
    void close();
  }

  /**
   * Keeps all tokenizers of this process open that are opened from now on, also when their last
   * user has closed them: for a program that opens the same one again and again.
   */
  public static Hold hold() {
    return SharedTokenizer.hold();
  }
}
