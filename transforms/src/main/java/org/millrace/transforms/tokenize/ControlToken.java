package org.millrace.transforms.tokenize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A token that says where a text begins or ends.
 *
 * <p>A recipe asks for one by {@code add_bos} and {@code add_eos}, which are
 *
 * <ul>
 *   <li>{@code none};
 *   <li>{@code auto}: what the {@code tokenizer_config.json} beside the tokenizer says in {@code
 *       bos_token} or {@code eos_token}, else the first of the well-known names below that is in
 *       the vocabulary;
 *   <li>digits: a token's id;
 *   <li>anything else: a token's text.
 * </ul>
 *
 * <p>The well-known names, in the order in which they are looked for:
 *
 * <ul>
 *   <li>of the begin: {@code <s> <|begin_of_text|> <bos> <|bos|> [BOS] <|startoftext|>
 *       <｜begin▁of▁sentence｜>};
 *   <li>of the end: {@code <|endoftext|> </s> <|end_of_text|> <eos> <|eos|> [EOS] <|im_end|>
 *       <｜end▁of▁sentence｜>}.
 * </ul>
 *
 * @param text its content in the vocabulary
 * @param id its id
 */
public record ControlToken(String text, int id) {

  private record Role(String meaning, String key, String label, List<String> names) {
    /** What to do about a value that leads to no token. */
    private String remedy() {
      return "set %s to a token's text or id, or to none".formatted(key);
    }
  }

  private static final Role BOS =
      new Role(
          "begin-of-text",
          "tokenize.add_bos",
          "bos",
          List.of(
              "<s>",
              "<|begin_of_text|>",
              "<bos>",
              "<|bos|>",
              "[BOS]",
              "<|startoftext|>",
              "<｜begin▁of▁sentence｜>"));

  private static final Role EOS =
      new Role(
          "end-of-text",
          "tokenize.add_eos",
          "eos",
          List.of(
              "<|endoftext|>",
              "</s>",
              "<|end_of_text|>",
              "<eos>",
              "<|eos|>",
              "[EOS]",
              "<|im_end|>",
              "<｜end▁of▁sentence｜>"));

  private static final Role PAD =
      new Role("padding", "pack.pad_token", "pad", List.of("<pad>", "<|padding|>", "[PAD]"));

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Whether everyone gives this name to a token of begin or end, and to nothing else. */
  static boolean isWellKnown(String token) {
    return BOS.names.contains(token) || EOS.names.contains(token);
  }

  /**
   * The token that begins each document.
   *
   * @param value of {@code add_bos}
   * @param spec where the tokenizer is
   * @param tokenizer it, opened
   * @throws IllegalArgumentException where the vocabulary has no such token
   */
  public static Optional<ControlToken> bos(String value, TokenizerSpec spec, Tokenizer tokenizer)
      throws IOException {
    return resolve(BOS, value, spec, tokenizer);
  }

  /**
   * The token that ends each document.
   *
   * @param value of {@code add_eos}
   * @param spec where the tokenizer is
   * @param tokenizer it, opened
   * @throws IllegalArgumentException where the vocabulary has no such token
   */
  public static Optional<ControlToken> eos(String value, TokenizerSpec spec, Tokenizer tokenizer)
      throws IOException {
    return resolve(EOS, value, spec, tokenizer);
  }

  /**
   * The token that fills sequences up.
   *
   * @param value of {@code pad_token}; {@code auto} is the tokenizer's own padding token
   * @param spec where the tokenizer is
   * @param tokenizer it, opened
   * @throws IllegalArgumentException where the vocabulary has no such token
   */
  public static Optional<ControlToken> pad(String value, TokenizerSpec spec, Tokenizer tokenizer)
      throws IOException {
    return resolve(PAD, value, spec, tokenizer);
  }

  private static Optional<ControlToken> resolve(
      Role role, String value, TokenizerSpec spec, Tokenizer tokenizer) throws IOException {
    if (value.equals("none")) {
      return Optional.empty();
    }
    if (value.equals("auto")) {
      Optional<String> configured = configured(role, spec);
      return Optional.of(
          configured.isPresent()
              ? byText(role, "tokenizer_config.json says", configured.get(), spec, tokenizer)
              : firstWellKnown(role, spec, tokenizer));
    }
    return Optional.of(
        value.matches("-?[0-9]+")
            ? byId(role, value, spec, tokenizer)
            : byText(role, role.key + " asks for", value, spec, tokenizer));
  }

  private static Optional<String> configured(Role role, TokenizerSpec spec) throws IOException {
    Optional<byte[]> config = TokenizerFile.at(spec.path()).readConfig();
    if (config.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonNode token = MAPPER.readTree(config.get()).path(role.label + "_token");
      // Either the token's text, or an object with it.
      String text = token.isObject() ? token.path("content").textValue() : token.textValue();
      return Optional.ofNullable(text).filter(content -> !content.isEmpty());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the tokenizer_config.json beside %s is no JSON: %s; mend or remove it, or %s"
              .formatted(spec.path(), e.getOriginalMessage(), role.remedy()),
          e);
    }
  }

  private static ControlToken firstWellKnown(Role role, TokenizerSpec spec, Tokenizer tokenizer) {
    for (String name : role.names) {
      OptionalInt id = tokenizer.idOf(name);
      if (id.isPresent()) {
        return new ControlToken(name, id.getAsInt());
      }
    }
    throw new IllegalArgumentException(
        "missing %s: the tokenizer %s has none of %s; %s"
            .formatted(role.meaning, spec.name(), String.join(" ", role.names), role.remedy()));
  }

  private static ControlToken byText(
      Role role, String who, String text, TokenizerSpec spec, Tokenizer tokenizer) {
    OptionalInt id = tokenizer.idOf(text);
    if (id.isEmpty()) {
      throw new IllegalArgumentException(
          "missing %s: %s \"%s\", but the tokenizer %s (%d tokens) has no such token; %s"
              .formatted(
                  role.meaning, who, text, spec.name(), tokenizer.vocabularySize(), role.remedy()));
    }
    return new ControlToken(text, id.getAsInt());
  }

  private static ControlToken byId(
      Role role, String digits, TokenizerSpec spec, Tokenizer tokenizer) {
    Optional<ControlToken> token = Optional.empty();
    // Longer numbers are outside any vocabulary.
    if (digits.length() <= 9) {
      int id = Integer.parseInt(digits);
      token = tokenizer.tokenOf(id).map(text -> new ControlToken(text, id));
    }
    return token.orElseThrow(
        () ->
            new IllegalArgumentException(
                "missing %s: %s asks for the id %s, but the tokenizer %s has 0..%d; %s"
                    .formatted(
                        role.meaning,
                        role.key,
                        digits,
                        spec.name(),
                        tokenizer.vocabularySize() - 1,
                        role.remedy())));
  }
}
