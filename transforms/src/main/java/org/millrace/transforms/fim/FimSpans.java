package org.millrace.transforms.fim;

import java.util.Optional;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.hash.StableRandom;
import org.millrace.transforms.tokenize.InnerText;

/** Cuts a text in three, at two places that are drawn each by itself. */
interface FimSpans {

  /** The parts; nothing where the text cannot be cut without damage. */
  Optional<FimParts> cut(TokenIds text, StableRandom random);

  /** Between tokens: the parts one after another are the text, to the last id. */
  static FimSpans ofTokens() {
    return (text, random) -> {
      int one = random.upTo(text.length());
      int other = random.upTo(text.length());
      int from = Math.min(one, other);
      int to = Math.max(one, other);
      return Optional.of(
          new FimParts(text.slice(0, from), text.slice(from, to), text.slice(to, text.length())));
    };
  }

  /** Between characters: the parts, encoded anew, stand for the same text. */
  static FimSpans ofCharacters(InnerText inner) {
    return (ids, random) -> {
      Optional<String> decoded = inner.decode(ids);
      if (decoded.isEmpty()) {
        return Optional.empty();
      }
      String text = decoded.orElseThrow();
      int characters = text.codePointCount(0, text.length());
      int one = random.upTo(characters);
      int other = random.upTo(characters);
      int from = text.offsetByCodePoints(0, Math.min(one, other));
      int to = text.offsetByCodePoints(from, Math.abs(one - other));
      Optional<TokenIds> prefix = inner.encode(text.substring(0, from));
      Optional<TokenIds> middle = inner.encode(text.substring(from, to));
      Optional<TokenIds> suffix = inner.encode(text.substring(to));
      return prefix.isPresent() && middle.isPresent() && suffix.isPresent()
          ? Optional.of(new FimParts(prefix.get(), middle.get(), suffix.get()))
          : Optional.empty();
    };
  }
}
