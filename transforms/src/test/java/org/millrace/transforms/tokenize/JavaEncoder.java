package org.millrace.transforms.tokenize;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.millrace.transforms.tokenize.bpe.BpeTokenizer;
import org.millrace.transforms.tokenize.bpe.UnsupportedTokenizerException;

/** The Java encoder of a tokenizer.json, also where a job would refuse to cut its numbers. */
final class JavaEncoder {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JavaEncoder() {}

  static BpeTokenizer of(
      String name, byte[] bytes, boolean parseSpecialTokens, SplitDigits splitDigits)
      throws IOException, UnsupportedTokenizerException {
    ObjectNode root = (ObjectNode) MAPPER.readTree(bytes);
    new DigitSplit(splitDigits).apply(root);
    TokenizerJson json = new TokenizerJson(name, MAPPER.writeValueAsBytes(root));
    return BpeTokenizer.of(name, parseSpecialTokens ? json.parsing() : json.textOnly());
  }
}
