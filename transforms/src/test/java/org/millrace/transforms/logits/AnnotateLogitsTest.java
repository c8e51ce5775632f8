package org.millrace.transforms.logits;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.AnnotatedSequence;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TopKLogits;

class AnnotateLogitsTest {

  private record Spec(int vocabulary) implements TeacherSpec {
    @Override
    public String name() {
      return "summing";
    }

    @Override
    public String sha256() {
      return "00";
    }

    @Override
    public Teacher open() {
      return new Teachers.Summing(vocabulary);
    }
  }

  private static KV<OrderKey, PackedSequence> sequence(long high, int... ids) {
    OrderKey key = new OrderKey(high, 0);
    TokenIds tokens = TokenIds.of(ids);
    List<Piece> pieces = List.of(new Piece("s", ids.length, true, true, 9));
    return KV.of(key, new PackedSequence(key, "0/" + high, tokens, pieces, OptionalInt.empty()));
  }

  private static PCollection<KV<OrderKey, AnnotatedSequence>> annotate(
      TestPipeline pipeline,
      AnnotateLogits transform,
      List<KV<OrderKey, PackedSequence>> sequences) {
    return pipeline
        .apply(
            Create.of(sequences)
                .withCoder(
                    KvCoder.of(
                        OrderKey.OrderKeyCoder.of(), PackedSequence.PackedSequenceCoder.of())))
        .apply(transform);
  }

  @Test
  void putsTargetsBesideEverySequenceUnderItsKey() throws Exception {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    List<KV<OrderKey, PackedSequence>> sequences = new ArrayList<>();
    List<KV<OrderKey, AnnotatedSequence>> expected = new ArrayList<>();
    Annotator annotator = new Annotator(new Spec(40).open(), new TargetSettings(2, true, 9));
    for (int i = 0; i < 200; i++) {
      KV<OrderKey, PackedSequence> each = sequence((long) i << 54, i % 40, i % 7, i % 11);
      TokenIds tokens = each.getValue().tokens();
      TopKLogits targets = annotator.annotate(List.of(new TeacherInput("", tokens, 3))).get(0);
      sequences.add(each);
      expected.add(KV.of(each.getKey(), new AnnotatedSequence(each.getValue(), targets)));
    }
    Collections.shuffle(sequences, new Random(7));

    AnnotateLogits transform =
        AnnotateLogits.using(new Spec(40))
            .withTopK(2)
            .withLogProbabilities()
            .withBatchTokens(9)
            .withBuckets(3);
    PAssert.that(annotate(pipeline, transform, sequences)).containsInAnyOrder(expected);
    pipeline.run();
  }

  @Test
  void keepsFiftyProbabilitiesUnlessToldOtherwise() throws Exception {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    KV<OrderKey, PackedSequence> sequence = sequence(5, 1, 2);
    TopKLogits targets =
        new Annotator(new Spec(60).open(), new TargetSettings(50, false, 4096))
            .annotate(List.of(new TeacherInput("", TokenIds.of(1, 2), 2)))
            .get(0);

    PAssert.that(annotate(pipeline, AnnotateLogits.using(new Spec(60)), List.of(sequence)))
        .containsInAnyOrder(
            KV.of(sequence.getKey(), new AnnotatedSequence(sequence.getValue(), targets)));
    pipeline.run();
  }

  @Test
  void aSampleThatFailsFailsTheRunByItsName() throws Exception {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    annotate(
        pipeline,
        AnnotateLogits.using(Teachers.model("late")),
        List.of(sequence(5, 1, 2), sequence(6, 7999, 2)));

    Exception error = assertThrows(Exception.class, pipeline::run);

    assertThat(
        String.valueOf(error.getCause()),
        Matchers.containsString(
            "sequence 0/6: behind token 0: the logit of token 0: expected a finite number, got"));
  }

  @Test
  void saysWhatItDoes() {
    AnnotateLogits transform = AnnotateLogits.using(new Spec(60)).withTopK(3);

    SerializableUtils.ensureSerializable(transform);
    DisplayData shown = DisplayData.from(transform);
    assertThat(
        shown.asMap().values().stream().map(item -> item.getKey() + "=" + item.getValue()).toList(),
        hasItem("topK=3"));
    assertThrows(IllegalArgumentException.class, () -> transform.withTopK(0));
    assertThrows(IllegalArgumentException.class, () -> transform.withBatchTokens(0));
    assertThrows(IllegalArgumentException.class, () -> transform.withBuckets(0));
  }

  @Test
  void annotatedSequencesTravelWhole() throws Exception {
    TopKLogits targets =
        TopKLogits.wrap(2, new int[] {7, 70000, 1, 0}, new short[] {1, -2, 3, 4, 5, 6});
    AnnotatedSequence annotated = new AnnotatedSequence(sequence(5, 1, 2).getValue(), targets);

    CoderProperties.coderDecodeEncodeEqual(
        AnnotatedSequence.AnnotatedSequenceCoder.of(), annotated);
    CoderProperties.coderDeterministic(
        AnnotatedSequence.AnnotatedSequenceCoder.of(), annotated, annotated);
    assertThat(annotated.id(), equalTo("0/5"));
    assertThrows(
        IllegalArgumentException.class,
        () -> TopKLogits.wrap(2, new int[] {1, 2, 3}, new short[] {1, 2, 3}));
  }
}
