package org.millrace.transforms.tokenize;

import java.util.Optional;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.tokenize.bpe.BpeTokenizer;
import org.millrace.transforms.tokenize.bpe.TokenBytes;
import org.millrace.transforms.tokenize.bpe.UnsupportedTextException;
import org.millrace.transforms.tokenize.bpe.UnsupportedTokenizerException;

/**
 * Text from within a document as ids, and back: with no blank before it that is not in the text,
 * and with none taken off. So a document may be cut anywhere between two characters, its parts
 * encoded, and their ids put together again: they stand for the same text, be they the same or not.
 * Safe for use by many threads at once.
 */
public final class InnerText {

  private final Vocabulary vocabulary;
  private final BpeTokenizer encoder;
  private final TokenBytes bytes;

  InnerText(TokenizerJson json) throws UnsupportedTokenizerException {
    String inner = json.inner();
    this.vocabulary = json.vocabulary();
    this.encoder = BpeTokenizer.of(json.name(), inner);
    this.bytes = TokenBytes.of(inner);
  }

  /** The text of ids; nothing where a control token is among them, or they are no valid UTF-8. */
  public Optional<String> decode(TokenIds ids) {
    for (int i = 0; i < ids.length(); i++) {
      if (vocabulary.isControl(ids.get(i))) {
        return Optional.empty();
      }
    }
    return bytes.text(ids);
  }

  /** The ids of a text; nothing where they would stand for another text. */
  public Optional<TokenIds> encode(String text) {
    if (text.isEmpty()) {
      return Optional.of(TokenIds.of());
    }
    try {
      TokenIds ids = encoder.encode(text);
      return decode(ids).filter(text::equals).map(same -> ids);
    } catch (UnsupportedTextException e) {
      return Optional.empty();
    }
  }
}
