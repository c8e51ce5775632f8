package org.millrace.io.megatron;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.List;
import org.millrace.io.column.DType;

/**
 * How Megatron-LM's files are to be.
 *
 * @param prefix what their names begin with, as "shard" in {@code shard-00007_text_document.bin}
 * @param key the field of the input that holds the text, as "text" there
 * @param vocabularySize every id is below it; another one is an error
 * @param dtype the elements' type by its label, or {@value #AUTO}: uint16 for a vocabulary below
 *     65,500, else int32. From 65,500 to 65,536 it has to be said, because Megatron-LM does not
 *     agree with itself there
 * @param partBytes the size at which {@code .bin} is cut into parts, {@code .bin.000} and so on,
 *     that make it again one after another; 0 for no cut
 */
public record MegatronSettings(
    String prefix, String key, int vocabularySize, String dtype, long partBytes)
    implements Serializable {

  /** The value of {@link #dtype} that leaves the choice to the vocabulary's size. */
  public static final String AUTO = "auto";

  // Megatron-LM, indexed_dataset.py, DType.optimal_dtype: uint16 below it.
  private static final int INT32_FROM = 65_500;

  // Megatron-LM, with fast_cache_load and per-dataset counts, takes larger ones only as int32.
  private static final int UINT16_UP_TO = 65_536;

  private static final List<String> DTYPES =
      List.of(AUTO, "uint8", "int8", "uint16", "int16", "int32", "int64");

  private static final String NAME = "[\\p{L}\\p{N}_][\\p{L}\\p{N}._-]*";

  public MegatronSettings {
    checkArgument(
        prefix.matches(NAME), "prefix must be letters, digits and any of . _ -, was %s", prefix);
    checkArgument(key.matches(NAME), "key must be letters, digits and any of . _ -, was %s", key);
    checkArgument(vocabularySize > 0, "vocabularySize must be 1 or more, was %s", vocabularySize);
    checkArgument(DTYPES.contains(dtype), "dtype must be one of %s, was %s", DTYPES, dtype);
    checkArgument(
        partBytes == 0 || partBytes >= Long.BYTES,
        "partBytes must be 0, for no parts, or %s or more, was %s",
        Long.BYTES,
        partBytes);
  }

  /** Whole files {@code shard-00007_text_document}, of the type that the vocabulary wants. */
  public static MegatronSettings of(int vocabularySize) {
    return new MegatronSettings("shard", "text", vocabularySize, AUTO, 0);
  }

  /** With another {@link #prefix}. */
  public MegatronSettings withPrefix(String prefix) {
    return new MegatronSettings(prefix, key, vocabularySize, dtype, partBytes);
  }

  /** With another {@link #key}. */
  public MegatronSettings withKey(String key) {
    return new MegatronSettings(prefix, key, vocabularySize, dtype, partBytes);
  }

  /** With another {@link #vocabularySize}. */
  public MegatronSettings withVocabularySize(int vocabularySize) {
    return new MegatronSettings(prefix, key, vocabularySize, dtype, partBytes);
  }

  /** With another {@link #dtype}. */
  public MegatronSettings withDtype(String dtype) {
    return new MegatronSettings(prefix, key, vocabularySize, dtype, partBytes);
  }

  /** With another {@link #partBytes}. */
  public MegatronSettings withPartBytes(long partBytes) {
    return new MegatronSettings(prefix, key, vocabularySize, dtype, partBytes);
  }

  /**
   * The type of the elements.
   *
   * @throws IllegalArgumentException where {@link #AUTO} has no answer that all readers share
   */
  public DType elementType() {
    checkArgument(
        !dtype.equals(AUTO) || vocabularySize < INT32_FROM || vocabularySize > UINT16_UP_TO,
        "dtype must be uint16 or int32, not auto, for a vocabularySize of %s..%s, was %s: there"
            + " Megatron-LM's writers take int32, and its fast_cache_load reads uint16",
        INT32_FROM,
        UINT16_UP_TO,
        vocabularySize);
    return DType.ofLabel(dtype).orElse(vocabularySize < INT32_FROM ? DType.UINT16 : DType.INT32);
  }
}
