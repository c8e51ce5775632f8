package org.millrace.transforms.tokenize;

import ai.djl.sentencepiece.jni.SentencePieceLibrary;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.transforms.data.TokenIds;

/**
 * A SentencePiece model in the library it was made for.
 *
 * <p>That library finds no control piece in a text: one that is written out is text as any other.
 * Half of a surrogate pair becomes a question mark on the way to it.
 */
final class SentencePieceTokenizer implements Tokenizer {

  /**
   * How long a text may be, in UTF-16 units. The native side takes some 200 bytes for each: 3.3 GB
   * for the longest.
   */
  private static final int MAX_LENGTH = 1 << 24;

  private final SentencePieceModel model;
  private final SentencePieceLibrary library;
  private final long processor;
  private volatile boolean closed;

  /**
   * Opens a tokenizer.
   *
   * @throws IllegalArgumentException where the library refuses the model
   */
  SentencePieceTokenizer(SentencePieceModel model, byte[] bytes) {
    this.model = model;
    this.library = NativeLibrary.sentencePiece();
    this.processor = library.createSentencePieceProcessor();
    try {
      library.loadModelFromBytes(processor, bytes);
    } catch (RuntimeException e) {
      library.deleteSentencePieceProcessor(processor);
      throw new IllegalArgumentException(
          model.name() + ": the SentencePiece library cannot load it: " + e.getMessage(), e);
    }
  }

  @Override
  public TokenizerEngine engine() {
    return TokenizerEngine.DJL;
  }

  @Override
  public TokenIds encode(String text) {
    int[] ids = nativeIds(text);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= model.size()) {
        throw new UntokenizableTextException(
            String.format(
                Locale.ROOT,
                "token %d of the text has the id %d, expected 0..%d",
                i,
                ids[i],
                model.size() - 1));
      }
      if (model.isControl(ids[i])) {
        throw new UntokenizableTextException(
            String.format(
                Locale.ROOT,
                "token %d of the text became the control token %s (id %d), although text is only"
                    + " text",
                i,
                model.pieceOf(ids[i]).orElse("?"),
                ids[i]));
      }
    }
    return TokenIds.wrap(ids);
  }

  private int[] nativeIds(String text) {
    checkOpen();
    UntokenizableTextException.checkLength(text, MAX_LENGTH);
    try {
      return library.encode(processor, text);
    } catch (RuntimeException e) {
      // All that the native side throws; it does no I/O, so the text is at fault.
      throw new UntokenizableTextException("the SentencePiece library says: " + e.getMessage(), e);
    }
  }

  @Override
  public String decode(TokenIds ids) {
    checkOpen();
    for (int i = 0; i < ids.length(); i++) {
      if (ids.get(i) < 0 || ids.get(i) >= model.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "id %d at %d is none of the model's, 0..%d",
                ids.get(i),
                i,
                model.size() - 1));
      }
    }
    return model.isDenormalized() ? library.decode(processor, ids.toArray()) : model.decode(ids);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the tokenizer " + model.name() + " is closed");
    }
  }

  @Override
  public int vocabularySize() {
    return model.size();
  }

  @Override
  public OptionalInt idOf(String token) {
    return model.idOf(token);
  }

  @Override
  public Optional<String> tokenOf(int id) {
    return model.pieceOf(id);
  }

  /** Must come after all calls of other methods have returned. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      library.deleteSentencePieceProcessor(processor);
    }
  }
}
