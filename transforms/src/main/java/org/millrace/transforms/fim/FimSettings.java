package org.millrace.transforms.fim;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.Optional;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.display.HasDisplayData;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * How {@link FillInMiddle} permutes texts. By default half of them, half of these with the suffix
 * first in {@link SpmVariant#VARIANT_2}, cut between tokens, and without tokens around a text.
 */
@AutoValue
public abstract class FimSettings implements HasDisplayData, Serializable {

  FimSettings() {}

  abstract FimTokens getSentinels();

  abstract double getRate();

  abstract double getSpmRate();

  abstract SpmVariant getSpmVariant();

  abstract @Nullable TokenizerSpec getCharacters();

  abstract int getBos();

  abstract int getEos();

  abstract long getSeed();

  abstract Builder toBuilder();

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setSentinels(FimTokens sentinels);

    abstract Builder setRate(double rate);

    abstract Builder setSpmRate(double rate);

    abstract Builder setSpmVariant(SpmVariant variant);

    abstract Builder setCharacters(TokenizerSpec tokenizer);

    abstract Builder setBos(int bos);

    abstract Builder setEos(int eos);

    abstract Builder setSeed(long seed);

    abstract FimSettings build();
  }

  /** The defaults, with these sentinels. */
  public static FimSettings of(FimTokens sentinels) {
    return new AutoValue_FimSettings.Builder()
        .setSentinels(sentinels)
        .setRate(0.5)
        .setSpmRate(0.5)
        .setSpmVariant(SpmVariant.VARIANT_2)
        .setBos(FimFrame.NONE)
        .setEos(FimFrame.NONE)
        .setSeed(0)
        .build();
  }

  /** The share of texts to permute, 0 to 1. */
  public FimSettings withRate(double rate) {
    checkArgument(rate >= 0 && rate <= 1, "rate must be in 0..1, was %s", rate);
    return toBuilder().setRate(rate).build();
  }

  /** The share of permuted texts that have their suffix first, 0 to 1. */
  public FimSettings withSpmRate(double rate) {
    checkArgument(rate >= 0 && rate <= 1, "SPM rate must be in 0..1, was %s", rate);
    return toBuilder().setSpmRate(rate).build();
  }

  /** How a text is written that has its suffix first. */
  public FimSettings withSpmVariant(SpmVariant variant) {
    return toBuilder().setSpmVariant(variant).build();
  }

  /** Cuts texts between characters, and encodes the parts anew with this tokenizer. */
  public FimSettings withCharacters(TokenizerSpec tokenizer) {
    return toBuilder().setCharacters(tokenizer).build();
  }

  /** The token that begins a text and stays before it. */
  public FimSettings withBos(int id) {
    checkArgument(id >= 0, "bos must be a token id of 0 or more, was %s", id);
    return toBuilder().setBos(id).build();
  }

  /** The token that ends a text and stays behind it. */
  public FimSettings withEos(int id) {
    checkArgument(id >= 0, "eos must be a token id of 0 or more, was %s", id);
    return toBuilder().setEos(id).build();
  }

  /** Another seed, other draws. Default 0. */
  public FimSettings withSeed(long seed) {
    return toBuilder().setSeed(seed).build();
  }

  /** The tokenizer that encodes parts anew; nothing where texts are cut between tokens. */
  Optional<TokenizerSpec> characters() {
    return Optional.ofNullable(getCharacters());
  }

  FimFrame frame() {
    return new FimFrame(getBos(), getEos());
  }

  FimPermuter permuter(FimSpans spans) {
    return new FimPermuter(getSentinels(), getRate(), getSpmRate(), getSpmVariant(), spans);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("sentinels", getSentinels().toString()))
        .add(DisplayData.item("rate", getRate()).withLabel("Share of texts permuted"))
        .add(DisplayData.item("spmRate", getSpmRate()).withLabel("Share with the suffix first"))
        .add(DisplayData.item("spmVariant", getSpmVariant().name()))
        .add(DisplayData.item("span", characters().isPresent() ? "characters" : "tokens"))
        .addIfNotDefault(DisplayData.item("bos", getBos()), FimFrame.NONE)
        .addIfNotDefault(DisplayData.item("eos", getEos()), FimFrame.NONE)
        .add(DisplayData.item("seed", getSeed()).withLabel("Seed"));
  }
}
