package org.millrace.transforms.clean;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.StepOutput;

class NormalizeTextTest {

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  private static Document document(int place, String text) {
    return new Document(new OrderKey(0, place), "f:" + place, "web", text, "{}");
  }

  private StepOutput<Document> normalize(NormalizeText transform, String... texts) {
    return pipeline.apply(Create.of(document(0, texts[0]), document(1, texts[1]))).apply(transform);
  }

  @Test
  void composesCharactersAndCountsTheBytesThatGo() {
    StepOutput<Document> normalized =
        normalize(NormalizeText.unchanged().withForm(Normalizer.Form.NFC), "e\u0301", "plain");

    PAssert.that(normalized.elements())
        .containsInAnyOrder(document(0, "\u00E9"), document(1, "plain"));
    PAssert.thatSingleton(normalized.entries().apply(Ledger.sum()))
        .isEqualTo(new Ledger(List.of(new LedgerEntry("web", "normalize", "normalized", 0, 1, 0))));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void countsTheBytesThatCome() {
    StepOutput<Document> normalized =
        normalize(NormalizeText.unchanged().withForm(Normalizer.Form.NFD), "\u00E9", "plain");

    PAssert.thatSingleton(normalized.entries().apply(Ledger.sum()))
        .isEqualTo(new Ledger(List.of(new LedgerEntry("web", "normalize", Ledger.ADDED, 0, 1, 0))));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void leavesMojibakeUnlessAsked() {
    StepOutput<Document> unchanged =
        normalize(NormalizeText.unchanged(), "caf\u00C3\u00A9", "\u00E9");

    PAssert.that(unchanged.elements())
        .containsInAnyOrder(document(0, "caf\u00C3\u00A9"), document(1, "\u00E9"));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void mendsMojibakeOnRequest() {
    StepOutput<Document> mended =
        normalize(NormalizeText.unchanged().withMojibakeMended(), "caf\u00C3\u00A9", "caf\u00E9");

    PAssert.that(mended.elements())
        .containsInAnyOrder(document(0, "caf\u00E9"), document(1, "caf\u00E9"));
    pipeline.run().waitUntilFinish();
  }

  @ParameterizedTest
  @ValueSource(strings = {"naïve café", "“quoted” – dash…", "漢字かな", "ascii", "€ 5 \uD83D\uDE00"})
  void undoesAWrongReading(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    String latin = new String(utf8, StandardCharsets.ISO_8859_1);

    assertThat(Mojibake.mend(latin), equalTo(text));
    assertThat(Mojibake.mend(text), equalTo(text));
    String windows = new String(utf8, Charset.forName("windows-1252"));
    if (!windows.contains("\uFFFD")) {
      assertThat(Mojibake.mend(windows), equalTo(text));
    }
  }

  /** A line that is right is no reason to leave another one wrong. */
  @Test
  void mendsLineByLine() {
    assertThat(
        Mojibake.mend("caf\u00C3\u00A9\nd\u00E9j\u00E0\nna\u00C3\u00AFve"),
        equalTo("caf\u00E9\nd\u00E9j\u00E0\nna\u00EFve"));
  }

  @Test
  void isSerializable() {
    SerializableUtils.ensureSerializable(
        NormalizeText.unchanged().withForm(Normalizer.Form.NFC).withMojibakeMended());
  }
}
