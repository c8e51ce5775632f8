package org.millrace.transforms.tokenize.bpe;

import java.util.Arrays;
import java.util.List;

/**
 * The added tokens of one kind: those that are looked for in the text as it is, or those in the
 * normalized text. Of those that begin at one place the longest is taken.
 */
final class AddedTokens {

  /**
   * One of them.
   *
   * @param content in UTF-8, as it is looked for
   * @param id its id
   * @param singleWord whether no letter or digit may stand beside it
   * @param stripLeft whether it takes the white space before it
   * @param stripRight whether it takes the white space behind it
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Token(byte[] content, int id, boolean singleWord, boolean stripLeft, boolean stripRight) {}

  /** What is done with the parts of a text. */
  interface Parts {
    /** A part without added tokens, which is not empty. */
    void text(byte[] text, int from, int to) throws UnsupportedTextException;

    /** An added token. */
    void token(int id);
  }

  /** A place in the trie of all contents. */
  private static final class Node {
    private byte[] labels = new byte[0];
    private Node[] children = new Node[0];
    private Token token;
    // Set where there is a token.
    private int length;

    private Node child(byte label) {
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] == label) {
          return children[i];
        }
      }
      return null;
    }

    private Node add(byte label) {
      int count = labels.length;
      labels = Arrays.copyOf(labels, count + 1);
      children = Arrays.copyOf(children, count + 1);
      labels[count] = label;
      children[count] = new Node();
      return children[count];
    }
  }

  private static final int BYTES = 256;
  private static final int SEVERAL = BYTES;

  private final boolean empty;
  // The byte with which all of them begin, or SEVERAL.
  private final int lead;
  private final Node[] first = new Node[BYTES];

  /**
   * Takes tokens over.
   *
   * @throws UnsupportedTokenizerException where two have the same content
   */
  AddedTokens(List<Token> tokens) throws UnsupportedTokenizerException {
    this.empty = tokens.isEmpty();
    for (Token token : tokens) {
      insert(token);
    }
    int[] leads = tokens.stream().mapToInt(token -> token.content()[0]).distinct().toArray();
    this.lead = leads.length == 1 ? leads[0] : SEVERAL;
  }

  private void insert(Token token) throws UnsupportedTokenizerException {
    if (token.content().length == 0) {
      throw new UnsupportedTokenizerException("an added token that is empty when normalized");
    }
    int lead = token.content()[0] & 0xFF;
    if (first[lead] == null) {
      first[lead] = new Node();
    }
    Node node = first[lead];
    for (int i = 1; i < token.content().length; i++) {
      Node child = node.child(token.content()[i]);
      node = child == null ? node.add(token.content()[i]) : child;
    }
    if (node.token != null) {
      throw new UnsupportedTokenizerException(
          "two added tokens that are looked for alike, ids %d and %d"
              .formatted(node.token.id(), token.id()));
    }
    node.token = token;
    node.length = token.content().length;
  }

  boolean isEmpty() {
    return empty;
  }

  /** Hands all parts of a text on, in their order. */
  void split(byte[] text, int from, int to, Parts parts) throws UnsupportedTextException {
    int done = from;
    int at = from;
    while (at < to) {
      at = nextLead(text, at, to);
      Node found = at < to ? longest(first[text[at] & 0xFF], text, at, to) : null;
      if (found == null) {
        at++;
        continue;
      }
      int start = at;
      // The search goes on behind the content, even where blanks behind it are taken as well.
      at += found.length;
      Token token = found.token;
      if (!token.singleWord() || !touchesWord(text, from, to, start, at)) {
        done = take(token, text, from, to, start, at, done, parts);
      }
    }
    if (done != to) {
      parts.text(text, done, to);
    }
  }

  private int nextLead(byte[] text, int from, int to) {
    if (lead != SEVERAL) {
      return Utf8.indexOf((byte) lead, text, from, to);
    }
    int at = from;
    while (at < to && first[text[at] & 0xFF] == null) {
      at++;
    }
    return at;
  }

  private static Node longest(Node first, byte[] text, int at, int to) {
    Node found = first.token == null ? null : first;
    Node node = first;
    for (int i = at + 1; i < to; i++) {
      node = node.child(text[i]);
      if (node == null) {
        break;
      }
      if (node.token != null) {
        found = node;
      }
    }
    return found;
  }

  /** Returns where the text that is dealt with ends now. */
  private static int take(
      Token token, byte[] text, int from, int to, int start, int end, int done, Parts parts)
      throws UnsupportedTextException {
    int left = token.stripLeft() ? Math.max(spaceBefore(text, from, start), done) : start;
    int right = token.stripRight() ? spaceBehind(text, end, to) : end;
    if (left > right) {
      throw new UnsupportedTextException("an added token inside the blanks of another");
    }
    if (done < left) {
      parts.text(text, done, left);
    }
    // Nothing may be left of it when another has taken the blanks that it begins with.
    if (left < right) {
      parts.token(token.id());
    }
    return right;
  }

  private static boolean touchesWord(byte[] text, int from, int to, int start, int end) {
    return (start > from && is(Characters.WORD, text, Utf8.before(text, start)))
        || (end < to && is(Characters.WORD, text, end));
  }

  private static int spaceBefore(byte[] text, int from, int end) {
    int at = end;
    while (at > from && is(Characters.SPACE, text, Utf8.before(text, at))) {
      at = Utf8.before(text, at);
    }
    return at;
  }

  private static int spaceBehind(byte[] text, int start, int to) {
    int at = start;
    while (at < to && is(Characters.SPACE, text, at)) {
      at += Utf8.width(text[at]);
    }
    return at;
  }

  private static boolean is(int flag, byte[] text, int at) {
    return (Characters.flags(Utf8.codePoint(text, at)) & flag) != 0;
  }
}
