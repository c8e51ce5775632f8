package org.millrace.transforms.tokenize.bpe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the pre-tokenizer of a tokenizer.json. */
final class SplitReader {

  /** Patterns that match every text from its begin to its end, match after match. */
  private static final Map<String, PieceScanner> COVERING =
      Map.of(
          Gpt2Scanner.PATTERN,
          new Gpt2Scanner(),
          Cl100kScanner.THREE_DIGITS,
          new Cl100kScanner(3),
          Cl100kScanner.ONE_DIGIT,
          new Cl100kScanner(1),
          O200kScanner.pattern(3, true),
          new O200kScanner(3, true),
          O200kScanner.pattern(3, false),
          new O200kScanner(3, false),
          O200kScanner.pattern(1, false),
          new O200kScanner(1, false));

  /** Patterns that leave text between their matches. */
  private static final Map<String, PieceScanner> OTHERS =
      Map.of(
          BlankDigitScanner.PATTERN, new BlankDigitScanner(true),
          ThreeDigitsScanner.PATTERN, new ThreeDigitsScanner(),
          NumberScanner.ONE, new NumberScanner(1),
          NumberScanner.UP_TO_THREE, new NumberScanner(3),
          KanaScanner.PATTERN, new KanaScanner(),
          DeepSeekScanner.PATTERN, new DeepSeekScanner());

  private final List<TextStep> preparation = new ArrayList<>();
  private final List<PieceScanner> scanners = new ArrayList<>();
  private boolean ofBytes;
  private boolean dependsOnPlace;
  private int cutsBeforeMarks;
  private Optional<Prepend> beginning = Optional.empty();

  /** Reads the member pre_tokenizer, whose parts follow on each other. */
  void read(JsonNode node) throws UnsupportedTokenizerException {
    if (node.isNull() || node.isMissingNode()) {
      return;
    }
    String type = node.path("type").asText("without a type");
    if (ofBytes && !type.equals("Sequence")) {
      scanners.add(ofBytes(type, node));
      return;
    }
    switch (type) {
      case "Sequence" -> {
        for (JsonNode part : node.path("pretokenizers")) {
          read(part);
        }
      }
      case "ByteLevel" -> readByteLevel(node);
      case "Split" -> scanners.add(split(node));
      case "Digits" ->
          scanners.add(
              new FlagScanner(Characters.NUMERIC, node.path("individual_digits").asBoolean()));
      case "Punctuation" -> scanners.add(punctuation(node));
      case "Metaspace" -> readMetaspace(node);
      default -> throw new UnsupportedTokenizerException("pre_tokenizer " + type);
    }
  }

  /** A part that meets characters that stand for bytes. Falcon has two such. */
  private static PieceScanner ofBytes(String type, JsonNode node)
      throws UnsupportedTokenizerException {
    if (type.equals("Digits")) {
      return new ByteDigitsScanner(node.path("individual_digits").asBoolean());
    }
    // Digits stand for themselves.
    if (type.equals("Split")
        && node.path("pattern").path("Regex").asText().equals(ThreeDigitsScanner.PATTERN)) {
      return split(node);
    }
    throw new UnsupportedTokenizerException("pre_tokenizer " + type + " after ByteLevel");
  }

  private static PieceScanner punctuation(JsonNode node) throws UnsupportedTokenizerException {
    String behavior = node.path("behavior").asText("Isolated");
    return switch (behavior) {
      case "Isolated" -> new FlagScanner(Characters.PUNCTUATION, true);
      case "Contiguous" -> new FlagScanner(Characters.PUNCTUATION, false);
      default -> throw new UnsupportedTokenizerException("pre_tokenizer Punctuation, " + behavior);
    };
  }

  private void readByteLevel(JsonNode node) throws UnsupportedTokenizerException {
    if (node.path("add_prefix_space").asBoolean()) {
      prepare("ByteLevel with add_prefix_space", new Prepend(" ", Prepend.When.UNLESS_THERE));
    }
    if (node.path("use_regex").asBoolean(true)) {
      scanners.add(new Gpt2Scanner());
    }
    ofBytes = true;
  }

  private void prepare(String part, TextStep step) throws UnsupportedTokenizerException {
    if (!scanners.isEmpty()) {
      throw new UnsupportedTokenizerException("pre_tokenizer " + part + " after another");
    }
    preparation.add(step);
  }

  private static PieceScanner split(JsonNode node) throws UnsupportedTokenizerException {
    String pattern = escaped(node.path("pattern").path("Regex").asText(""));
    String behavior = node.path("behavior").asText();
    boolean invert = node.path("invert").asBoolean();
    boolean isolated = behavior.equals("Isolated");
    // Gemma has this, behind a normalizer that leaves no blank.
    if (node.path("pattern").path("String").asText("").equals(" ")
        && behavior.equals("MergedWithPrevious")
        && !invert) {
      return new BlankEndScanner();
    }
    // Where nothing is left between matches, removing what is no match removes nothing.
    if (COVERING.containsKey(pattern) && (isolated || (behavior.equals("Removed") && invert))) {
      return COVERING.get(pattern);
    }
    if (OTHERS.containsKey(pattern) && isolated) {
      return OTHERS.get(pattern);
    }
    throw new UnsupportedTokenizerException(
        "pre_tokenizer Split with the pattern %s, %s%s"
            .formatted(node.path("pattern"), behavior, invert ? ", inverted" : ""));
  }

  /** A pattern in which line ends are not written out. */
  private static String escaped(String pattern) {
    return pattern.replace("\r", "\\r").replace("\n", "\\n");
  }

  private void readMetaspace(JsonNode node) throws UnsupportedTokenizerException {
    String mark = node.path("replacement").asText();
    if (mark.codePointCount(0, mark.length()) != 1) {
      throw new UnsupportedTokenizerException("pre_tokenizer Metaspace with \"" + mark + "\"");
    }
    String scheme = node.path("prepend_scheme").asText("always");
    if (node.hasNonNull("add_prefix_space") && !node.path("add_prefix_space").asBoolean()) {
      scheme = "never";
    }
    if (scanners.isEmpty()) {
      preparation.add(new Replace(" ", mark));
      preparation.addAll(prepends(scheme, mark));
    } else {
      readMetaspaceBehindCuts(scheme, mark);
    }
    if (node.path("split").asBoolean(true)) {
      scanners.add(new MarkScanner(mark));
    }
  }

  private List<Prepend> prepends(String scheme, String mark) throws UnsupportedTokenizerException {
    dependsOnPlace |= scheme.equals("first");
    return switch (scheme) {
      case "always" -> List.of(new Prepend(mark, Prepend.When.UNLESS_THERE));
      case "first" -> List.of(new Prepend(mark, Prepend.When.UNLESS_THERE_AT_FIRST));
      case "never" -> List.of();
      default -> throw new UnsupportedTokenizerException("prepend_scheme " + scheme);
    };
  }

  /** What comes then is put before the first piece, not before the text that is cut. */
  private void readMetaspaceBehindCuts(String scheme, String mark)
      throws UnsupportedTokenizerException {
    boolean ofDigits =
        scanners.stream().allMatch(s -> s instanceof FlagScanner || s instanceof BlankDigitScanner);
    if (!ofDigits || cutsBeforeMarks > 0 || !preparation.isEmpty() || scheme.equals("always")) {
      throw new UnsupportedTokenizerException("pre_tokenizer Metaspace after another");
    }
    cutsBeforeMarks = scanners.size();
    preparation.add(new Replace(" ", mark));
    beginning = prepends(scheme, mark).stream().findFirst();
  }

  /** How many scanners cut the text before its blanks are replaced, though that is done first. */
  int cutsBeforeMarks() {
    return cutsBeforeMarks;
  }

  /** What is put before the first piece that those cut. */
  Optional<Prepend> beginning() {
    return beginning;
  }

  List<TextStep> preparation() {
    return List.copyOf(preparation);
  }

  List<PieceScanner> scanners() {
    return List.copyOf(scanners);
  }

  /** Whether pieces become characters that stand for bytes. */
  boolean isOfBytes() {
    return ofBytes;
  }

  /** Whether the first text of all is treated in another way. */
  boolean dependsOnPlace() {
    return dependsOnPlace;
  }
}
