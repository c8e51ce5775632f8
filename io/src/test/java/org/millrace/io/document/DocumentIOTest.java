package org.millrace.io.document;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.ledger.Carried;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.Note;
import org.millrace.transforms.ledger.Progress;
import org.millrace.transforms.ledger.Tally;

class DocumentIOTest {

  @TempDir Path folder;

  private final Pipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content.getBytes(StandardCharsets.UTF_8));
  }

  private DocumentIO.Read read() {
    return DocumentIO.read().from(folder.toString());
  }

  @Test
  void givesDocumentsLedgerBadRecordsAndInputs() throws IOException {
    write("b/2.jsonl", "{\"text\":\"ü\",\"k\":1}\noops\n{\"text\":\"\"}\n");
    write("a.txt", "whole");
    write("b/empty.jsonl", "");
    long documentsBefore = Progress.DOCUMENTS.get();
    long bytesBefore = Progress.INPUT_BYTES.get();

    DocumentIO.ReadOutput output = pipeline.apply(read().withSplitBytes(5));

    PAssert.that(output.step().elements())
        .containsInAnyOrder(
            new Document(OrderKey.natural(0, 3, 0), "a.txt:0", "corpus", "whole", "{}"),
            new Document(OrderKey.natural(1, 3, 0), "b/2.jsonl:0", "b", "ü", "{\"k\":1}"),
            new Document(OrderKey.natural(1, 3, 25), "b/2.jsonl:25", "b", "", "{}"));
    PAssert.that(output.step().badRecords())
        .satisfies(
            records -> {
              BadRecord bad = records.iterator().next();
              assertThat(bad.id(), equalTo("b/2.jsonl:20"));
              assertThat(bad.source(), equalTo("b"));
              assertThat(bad.stage(), equalTo("read"));
              assertThat(bad.exception(), equalTo("InvalidJson"));
              assertThat(bad.record(), equalTo("oops"));
              return null;
            });
    PAssert.thatSingleton(output.step().entries().apply(Ledger.sum()))
        .isEqualTo(
            new Ledger(
                List.of(
                    new LedgerEntry("b", "read", Ledger.BAD, 1, 0, 0),
                    new LedgerEntry("b", "read", Ledger.READ, 3, 2, 0),
                    new LedgerEntry("corpus", "read", Ledger.READ, 1, 5, 0))));
    PAssert.that(output.inputs())
        .satisfies(
            counts -> {
              assertThat(
                  InputCount.merge(counts),
                  equalTo(
                      List.of(
                          new InputCount("a.txt", 5, 1),
                          new InputCount("b/2.jsonl", 37, 2),
                          new InputCount("b/empty.jsonl", 0, 0))));
              return null;
            });
    pipeline.run().waitUntilFinish();

    assertThat(Progress.DOCUMENTS.get() - documentsBefore, equalTo(3L));
    assertThat(Progress.INPUT_BYTES.get() - bytesBefore, equalTo(42L));
  }

  @Test
  void carriesWhatTheTagsGive() throws IOException {
    write("b/a 2.jsonl", "{\"text\":\"\u00fc\",\"k\":1}\noops\n{\"text\":\"\"}\n");
    write("c.txt", "whole");

    PCollection<Carried<Document>> carried = pipeline.apply("Carry", read().carrying());
    DocumentIO.ReadOutput tagged = pipeline.apply("Tag", read());

    PAssert.that(carried)
        .satisfies(
            all -> {
              List<Document> documents = new ArrayList<>();
              List<String> bad = new ArrayList<>();
              List<InputCount> counts = new ArrayList<>();
              Tally tally = new Tally();
              for (Carried<Document> one : all) {
                if (one.isElement()) {
                  documents.add(one.element());
                } else if (one.note() instanceof Note.Bad note) {
                  bad.add(note.badRecord().id());
                } else if (one.note() instanceof Note.Fact note) {
                  counts.add(InputCount.ofFact(note.fact()));
                } else if (one.note() instanceof Note.Entry note) {
                  tally.add(note.entry());
                }
              }
              documents.sort(Comparator.comparing(Document::position));
              assertThat(
                  documents.stream().map(Document::text).toList(), contains("\u00fc", "", "whole"));
              assertThat(documents.get(0).meta(), equalTo("{\"k\":1}"));
              assertThat(bad, contains("b/a 2.jsonl:20"));
              assertThat(
                  InputCount.merge(counts),
                  contains(new InputCount("b/a 2.jsonl", 37, 2), new InputCount("c.txt", 5, 1)));
              assertThat(
                  tally.entries(),
                  contains(
                      new LedgerEntry("b", "read", Ledger.BAD, 1, 0, 0),
                      new LedgerEntry("b", "read", Ledger.READ, 3, 2, 0),
                      new LedgerEntry("corpus", "read", Ledger.READ, 1, 5, 0)));
              return null;
            });
    PAssert.that(tagged.inputs())
        .containsInAnyOrder(new InputCount("b/a 2.jsonl", 37, 2), new InputCount("c.txt", 5, 1));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void splitSizeChangesNothingButTheNumberOfRanges() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      lines.append("{\"text\":\"").append("x".repeat(i % 50)).append("\"}\n");
    }
    write("a.jsonl", lines.toString());

    DocumentIO.ReadOutput split = pipeline.apply("Split", read().withSplitBytes(200));
    DocumentIO.ReadOutput whole = pipeline.apply("Whole", read());

    PAssert.that(split.step().elements())
        .containsInAnyOrder(
            ReadRecords.of(folder.resolve("a.jsonl")).documents.stream()
                .map(
                    d ->
                        new Document(
                            OrderKey.natural(0, 1, d.offset()),
                            "a.jsonl:" + d.offset(),
                            "corpus",
                            d.text(),
                            "{}"))
                .toList());
    PAssert.thatSingleton(split.inputs().apply("CountSplit", Count.globally()))
        .isEqualTo((lines.length() + 199) / 200L);
    PAssert.thatSingleton(whole.inputs().apply("CountWhole", Count.globally())).isEqualTo(1L);
    pipeline.run().waitUntilFinish();
  }

  @Test
  void takesItsSettings() throws IOException {
    write("in/a.data", "{\"body\":\"x\",\"key\":\"k1\",\"m\":1,\"n\":2}\n");
    write("in/b.data", "{\"body\":\"\\ud800\",\"key\":7}\n");
    write("in/c.data", "{\"body\":\"much too long for the limit that is set\",\"key\":8}\n");

    DocumentIO.ReadOutput output =
        pipeline.apply(
            read()
                .withFields(
                    DocumentFields.defaults().withText("body").withId("key").withMeta(List.of("m")))
                .withFormat(DocumentFormat.JSONL)
                .withInvalidText(InvalidText.REPLACE)
                .withSource("mine")
                .withMaxDocumentBytes(40));

    PAssert.that(output.step().elements())
        .containsInAnyOrder(
            new Document(OrderKey.natural(0, 3, 0), "k1", "mine", "x", "{\"m\":1}"),
            new Document(OrderKey.natural(1, 3, 0), "7", "mine", "\uFFFD", "{}"));
    PAssert.that(output.step().badRecords())
        .satisfies(
            records -> {
              assertThat(
                  StreamSupport.stream(records.spliterator(), false).map(BadRecord::id).toList(),
                  equalTo(List.of("in/c.data:0")));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void readsManySmallFilesOnTheDirectRunner() throws IOException {
    for (int i = 0; i < 1000; i++) {
      write("f/" + i + ".jsonl", "{\"text\":\"" + i + "\"}\n");
    }

    PCollection<Document> documents = pipeline.apply(read()).step().elements();

    PAssert.thatSingleton(documents.apply(Count.globally())).isEqualTo(1000L);
    pipeline.run().waitUntilFinish();
  }

  @Test
  void failsWhereThereIsNoInput() {
    pipeline.apply(DocumentIO.read().from(folder + "/*.jsonl"));

    Pipeline.PipelineExecutionException e =
        assertThrows(
            Pipeline.PipelineExecutionException.class, () -> pipeline.run().waitUntilFinish());

    assertThat(e.getMessage(), containsString("no file there"));
  }

  @Test
  void readsRealCorpora() {
    Path slimpajama = SharedData.path("slimpajama");
    Path nasty = SharedData.path("nasty");

    DocumentIO.ReadOutput slim =
        pipeline.apply("Slim", DocumentIO.read().from(slimpajama.toString()));
    DocumentIO.ReadOutput damaged =
        pipeline.apply("Nasty", DocumentIO.read().from(nasty.toString()).withSplitBytes(100));

    PAssert.thatSingleton(slim.step().elements().apply("CountSlim", Count.globally()))
        .isEqualTo(377L);
    PAssert.thatSingleton(damaged.step().badRecords().apply("CountBad", Count.globally()))
        .isEqualTo(22L);
    PAssert.thatSingleton(damaged.step().elements().apply("CountNasty", Count.globally()))
        .isEqualTo(87L);
    PAssert.that(damaged.inputs())
        .satisfies(
            counts -> {
              assertThat(InputCount.merge(counts).size(), equalTo(24));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void checksItsSettings() {
    DocumentIO.Read read = DocumentIO.read();

    assertThrows(IllegalArgumentException.class, () -> read.from(" "));
    assertThrows(IllegalArgumentException.class, () -> read.withSource(""));
    assertThrows(IllegalArgumentException.class, () -> read.withSplitBytes(0));
    assertThrows(IllegalArgumentException.class, () -> read.withMaxDocumentBytes(0));
    assertThrows(IllegalArgumentException.class, () -> read.withMaxDocumentBytes((1 << 30) + 1));
    assertThrows(IllegalArgumentException.class, () -> pipeline.apply(read));
    SerializableUtils.ensureSerializable(read.from("x"));
  }
}
