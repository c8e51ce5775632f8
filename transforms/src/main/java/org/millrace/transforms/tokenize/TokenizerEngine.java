package org.millrace.transforms.tokenize;

/** What turns text into ids. The ids do not depend on it. */
public enum TokenizerEngine {
  /** Java where it understands the tokenizer's file, else the library. */
  AUTO,

  /** The encoder of this project, for most files with a BPE model: many times faster. */
  JAVA,

  /** The native library that the file was made for, through the Deep Java Library (DJL). */
  DJL
}
