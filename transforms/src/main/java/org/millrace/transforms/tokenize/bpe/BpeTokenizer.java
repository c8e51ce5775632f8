package org.millrace.transforms.tokenize.bpe;

import org.millrace.transforms.data.TokenIds;

/**
 * An encoder for tokenizer.json files whose model is BPE, with the ids of the Hugging Face
 * tokenizers library to the last one.
 *
 * <p>It understands
 *
 * <ul>
 *   <li>the model BPE with byte fallback, a fused or single unknown token, and ignored merges;
 *   <li>the normalizers NFC, NFD, NFKC, NFKD, Prepend, Replace of a string, and sequences of them;
 *   <li>the pre-tokenizers ByteLevel, Split with the patterns of GPT-2, Llama 3, Qwen 2, o200k
 *       (GPT-4o, gpt-oss, Llama 4), Tekken (Mistral Nemo) and DeepSeek-V3 or at blanks (Gemma),
 *       Digits, Punctuation, Metaspace, and sequences of them that have no ByteLevel, or end with
 *       it, or with Falcon's cuts of digits behind it; before Metaspace only cuts of digits and
 *       punctuation;
 *   <li>added tokens with all their flags.
 * </ul>
 *
 * <p>Anything else is refused by name when a tokenizer is read. A single text is refused where the
 * two might differ: the normalizers of the library know the characters of Unicode 9, so a text for
 * them with a later character that has a normal form of its own goes there, and so does a text with
 * a control token's hidden name, one with U+2581 where digits with the blank before them are cut
 * out before Metaspace, or of more than 268,435,456 UTF-16 units.
 *
 * <p>Each call that runs at the same time as others takes memory of its own, which is kept for
 * later calls: 5 MiB for words met lately, 8 bytes for each merge, and up to some 15 MiB of buffers
 * for text and ids. A text of more than a million characters takes up to 50 bytes for each, which
 * are let go when it is done.
 *
 * @see <a href="https://github.com/huggingface/tokenizers">Hugging Face tokenizers</a>, version
 *     0.21.4, models/bpe, pre_tokenizers, tokenizer/added_vocabulary.rs
 */
public final class BpeTokenizer {

  /** Each unit takes 20 bytes and more while a text is encoded: longer ones fill any heap. */
  static final int MAX_LENGTH = 1 << 28;

  private final String name;
  private final TokenizerParts parts;
  private final Idle<TextEncoder> idle = new Idle<>();

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
    TextEncoder encoder = idle.take();
    if (encoder == null) {
      encoder = new TextEncoder(parts);
    }
    int[] ids;
    try {
      ids = encoder.encode(text);
    } catch (ByteText.FullException e) {
      throw new UnsupportedTextException("a text that gets too long when it is normalized");
    } catch (UnsupportedTextException e) {
      idle.give(encoder);
      throw e;
    }
    // After any other failure its memory is in no known state, and is let go.
    idle.give(encoder);
    return TokenIds.wrap(ids);
  }

  @Override
  public String toString() {
    return name;
  }
}
