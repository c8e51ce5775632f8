package org.millrace.transforms.logits;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TopKLogits;

/** A trained model against logits that another program computed in double precision. */
class StoriesTeacherTest {

  private static final int VOCABULARY = 512;
  private static final int K = 50;

  private record Reference(TokenIds ids, float[][] logits) {}

  private static List<Reference> references() throws Exception {
    Path folder = Teachers.stories().resolve("reference");
    JsonNode cases =
        new ObjectMapper().readTree(folder.resolve("reference.json").toFile()).get("cases");
    List<Reference> references = new ArrayList<>();
    for (JsonNode each : cases) {
      int[] ids = new int[each.get("input_ids").size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = each.get("input_ids").get(i).asInt();
      }
      byte[] file = Files.readAllBytes(folder.resolve(each.get("logits").asText()));
      ByteBuffer data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      data.position(file.length - ids.length * VOCABULARY * Float.BYTES);
      float[][] logits = new float[ids.length][VOCABULARY];
      for (float[] row : logits) {
        for (int id = 0; id < VOCABULARY; id++) {
          row[id] = data.getFloat();
        }
      }
      references.add(new Reference(TokenIds.wrap(ids), logits));
    }
    return references;
  }

  @Test
  void agreesWithTheReferenceInOneBatch() throws Exception {
    List<Reference> references = references();
    List<TeacherInput> window =
        references.stream().map(r -> new TeacherInput("r", r.ids, r.ids.length())).toList();
    List<TopKLogits> found;
    try (Teacher teacher =
        OnnxModel.at(Teachers.stories().resolve("model.onnx").toString()).open()) {
      TeacherCheck.check(teacher, 512, OptionalInt.of(VOCABULARY));
      found = new Annotator(teacher, new TargetSettings(K, false, 4096)).annotate(window);
    }

    for (int i = 0; i < references.size(); i++) {
      compare(references.get(i), found.get(i));
    }
  }

  private static void compare(Reference reference, TopKLogits found) {
    assertThat(found.positions(), equalTo(reference.ids.length()));
    for (int position = 0; position < found.positions(); position++) {
      float[] logits = reference.logits[position];
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit);
      }
      List<Integer> best = new ArrayList<>();
      for (int id = 0; id < VOCABULARY; id++) {
        best.add(id);
      }
      best.sort((a, b) -> Float.compare(logits[b], logits[a]));
      double rest = 1;
      for (int rank = 0; rank < K; rank++) {
        int id = found.ids().get(position * K + rank);
        double expected = Math.exp(logits[best.get(rank)]) / sum;
        // But for ties: two logits that differ by less than rounding does.
        assertThat((double) logits[id], closeTo(logits[best.get(rank)], 1e-4));
        double value = found.value(position, rank);
        assertThat(value, closeTo(expected, Math.max(2e-3 * expected, 6e-8)));
        rest -= expected;
      }
      assertThat(found.value(position, K), closeTo(rest, Math.max(2e-3 * rest, 1e-6)));
    }
  }
}
