package org.millrace.transforms.fim;

import org.millrace.transforms.data.TokenIds;

/** A text in three. Any of them may be empty. */
record FimParts(TokenIds prefix, TokenIds middle, TokenIds suffix) {

  int length() {
    return prefix.length() + middle.length() + suffix.length();
  }
}
