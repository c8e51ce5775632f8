package org.millrace.transforms.tokenize.bpe;

import java.util.concurrent.ConcurrentLinkedDeque;
import org.millrace.transforms.data.TokenIds;

/**
 * An encoder for tokenizer.json files whose model is BPE, with the ids of the Hugging Face
 * tokenizers library to the last one.
 */
public final class BpeTokenizer {

  /** Each unit takes 20 bytes and more while a text is encoded: longer ones fill any heap. */
  static final int MAX_LENGTH = 1 << 28;

  private final String name;
  private final TokenizerParts parts;
  private final ConcurrentLinkedDeque<TextEncoder> idle = new ConcurrentLinkedDeque<>();

  private BpeTokenizer(String name, TokenizerParts parts) {
    this.name = name;
    this.parts = parts;
  }

  /**
   * Reads a tokenizer.
   *
   * @param name of the file, for errors
   * @param json a tokenizer.json, in the form in which the reference gets it
   * @throws UnsupportedTokenizerException where it has a part that is not followed to the letter
   */
  public static BpeTokenizer of(String name, String json) throws UnsupportedTokenizerException {
    return new BpeTokenizer(name, TokenizerReader.read(json));
  }

  /**
   * The ids of a text, the same as the reference gives. May be called by several threads at once.
   *
   * @throws UnsupportedTextException where the reference has to be asked about this one text
   */
  public TokenIds encode(String text) throws UnsupportedTextException {
    if (text.length() > MAX_LENGTH) {
      throw new UnsupportedTextException("a text of more than " + MAX_LENGTH + " UTF-16 units");
    }
    TextEncoder encoder = idle.pollFirst();
    if (encoder == null) {
      encoder = new TextEncoder(parts);
    }
    int[] ids;
    try {
      ids = encoder.encode(text);
    } catch (ByteText.FullException e) {
      throw new UnsupportedTextException("a text that gets too long when it is normalized");
    } finally {
      idle.addFirst(encoder);
    }
    return TokenIds.wrap(ids);
  }

  @Override
  public String toString() {
    return name;
  }
}
