package org.millrace.transforms.fim;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import org.millrace.transforms.tokenize.Tokenizer;

/**
 * The sentinels that a recipe asks for, found in a vocabulary or added behind it.
 *
 * <p>Each is asked for by {@code auto}, a token's id, or its text. What the tokenizer does not have
 * is added: with the id that was asked for, or the next one behind the vocabulary, in the order
 * prefix, middle, suffix, padding. {@code auto} are the first of these that the tokenizer has all
 * of, or else the first:
 *
 * <ul>
 *   <li>{@code <fim_prefix> <fim_middle> <fim_suffix>}, {@code <fim_pad>}: StarCoder, CrystalCoder;
 *   <li>{@code <|fim_prefix|> <|fim_middle|> <|fim_suffix|>}, {@code <|fim_pad|>}: Qwen2.5-Coder;
 *   <li>{@code <fim-prefix> <fim-middle> <fim-suffix>}, {@code <fim-pad>}: SantaCoder.
 * </ul>
 *
 * @param sentinels prefix, middle, suffix, padding
 * @param vocabularySize with those that were added: every id is below it
 */
public record FimSentinels(List<Sentinel> sentinels, int vocabularySize) implements Serializable {

  /** Ids beyond this are a mistake, as no vocabulary has them. */
  private static final int MAX_ID = (1 << 24) - 1;

  private static final List<String> ROLES = List.of("prefix", "middle", "suffix", "pad");

  private static final List<List<String>> WELL_KNOWN =
      List.of(
          List.of("<fim_prefix>", "<fim_middle>", "<fim_suffix>", "<fim_pad>"),
          List.of("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>"),
          List.of("<fim-prefix>", "<fim-middle>", "<fim-suffix>", "<fim-pad>"));

  /**
   * A sentinel.
   *
   * @param role prefix, middle, suffix or pad
   * @param text of the token
   * @param id of the token
   * @param added whether the tokenizer lacks it
   */
  public record Sentinel(String role, String text, int id, boolean added) implements Serializable {}

  public FimSentinels {
    sentinels = List.copyOf(sentinels);
  }

  /**
   * Finds the sentinels.
   *
   * @param asked for prefix, middle, suffix and padding: {@code auto}, digits of an id, or a text
   * @param tokenizer whose vocabulary it is
   * @throws IllegalArgumentException where two would be one, or an id is none of the vocabulary's
   */
  public static FimSentinels of(List<String> asked, Tokenizer tokenizer) {
    checkArgument(asked.size() == ROLES.size(), "four sentinels are asked for, got %s", asked);
    List<String> names = wellKnown(tokenizer);
    Set<Integer> taken = new HashSet<>();
    for (String one : asked) {
      if (isId(one)) {
        taken.add(idOf(one));
      }
    }
    int next = tokenizer.vocabularySize();
    List<Sentinel> found = new ArrayList<>();
    for (int i = 0; i < ROLES.size(); i++) {
      Sentinel sentinel = find(ROLES.get(i), asked.get(i), names.get(i), tokenizer);
      if (sentinel.id < 0) {
        while (!taken.add(next)) {
          next++;
        }
        sentinel = new Sentinel(sentinel.role, sentinel.text, next, true);
      }
      found.add(sentinel);
    }
    int size = found.stream().mapToInt(Sentinel::id).max().orElse(-1) + 1;
    FimSentinels all = new FimSentinels(found, Math.max(tokenizer.vocabularySize(), size));
    all.tokens();
    return all;
  }

  private static List<String> wellKnown(Tokenizer tokenizer) {
    return WELL_KNOWN.stream()
        .filter(names -> names.subList(0, 3).stream().allMatch(n -> tokenizer.idOf(n).isPresent()))
        .findFirst()
        .orElse(WELL_KNOWN.get(0));
  }

  /** With a negative id where one is still to be given. */
  private static Sentinel find(String role, String asked, String auto, Tokenizer tokenizer) {
    if (isId(asked)) {
      int id = idOf(asked);
      boolean added = id >= tokenizer.vocabularySize();
      String text = added ? auto : tokenizer.tokenOf(id).orElse("");
      checkArgument(
          !text.isEmpty(),
          "fim.%s_token asks for the id %s, which is no token of the vocabulary, nor behind it: it"
              + " has 0..%s",
          role,
          id,
          tokenizer.vocabularySize() - 1);
      return new Sentinel(role, text, id, added);
    }
    String text = asked.equals("auto") ? auto : asked;
    OptionalInt id = tokenizer.idOf(text);
    return new Sentinel(role, text, id.orElse(-1), id.isEmpty());
  }

  private static boolean isId(String asked) {
    return asked.matches("[0-9]+");
  }

  private static int idOf(String digits) {
    checkArgument(
        digits.length() <= 9 && Integer.parseInt(digits) <= MAX_ID,
        "a sentinel's id must be in 0..%s, was %s",
        MAX_ID,
        digits);
    return Integer.parseInt(digits);
  }

  /** Their ids. */
  public FimTokens tokens() {
    return new FimTokens(
        sentinels.get(0).id, sentinels.get(1).id, sentinels.get(2).id, sentinels.get(3).id);
  }

  /** The names and ids, for a message. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    for (Sentinel sentinel : sentinels) {
      words.add(
          String.format(
              Locale.ROOT,
              "%s %s = %d%s",
              sentinel.role,
              sentinel.text,
              sentinel.id,
              sentinel.added ? " (added)" : ""));
    }
    return String.join(", ", words);
  }
}
