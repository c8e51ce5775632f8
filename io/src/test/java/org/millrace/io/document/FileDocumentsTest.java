package org.millrace.io.document;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Document;

class FileDocumentsTest {

  @TempDir private Path folder;

  private void write() throws IOException {
    Files.createDirectories(folder.resolve("a"));
    Files.writeString(
        folder.resolve("a/x.jsonl"), "{\"text\":\"one\",\"n\":1}\n{\"no\":1}\n\n{\"text\":\"\"}\n");
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("a/y.jsonl.gz")))) {
      out.write("{\"text\":\"two\"}\n[\n".getBytes(StandardCharsets.UTF_8));
    }
    Files.createFile(folder.resolve("z.jsonl"));
  }

  /** Collects all. */
  private static final class Found implements FileDocuments.Output {
    private final List<Document> documents = new ArrayList<>();
    private final List<BadRecord> bad = new ArrayList<>();

    @Override
    public void document(Document document) {
      documents.add(document);
    }

    @Override
    public void bad(BadRecord record) {
      bad.add(record);
    }
  }

  @Test
  void givesWhatThePipelineGives() throws IOException {
    write();
    DocumentIO.Read read = DocumentIO.read().from(folder.toString());
    Found found = new Found();
    List<InputCount> counts = new ArrayList<>();

    for (InputFile file : InputFiles.match(folder.toString(), DocumentFormat.AUTO).files()) {
      counts.add(FileDocuments.of(read).read(file, file.source(), found));
    }

    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    DocumentIO.ReadOutput output = pipeline.apply("Read", read);
    PAssert.that(output.step().elements()).containsInAnyOrder(found.documents);
    PAssert.that(output.step().badRecords()).containsInAnyOrder(found.bad);
    PAssert.that(output.inputs()).containsInAnyOrder(counts);
    pipeline.run().waitUntilFinish();
    assertThat(found.documents.size(), equalTo(3));
    assertThat(
        found.bad.stream().map(BadRecord::id).toList(),
        containsInAnyOrder("a/x.jsonl:21", "a/y.jsonl.gz:15"));
  }

  @Test
  void anErrorOfTheOutputComesThrough() throws IOException {
    write();
    InputFile file = InputFiles.match(folder.toString(), DocumentFormat.AUTO).files().get(0);
    IOException full = new IOException("disk full");
    FileDocuments.Output output =
        new FileDocuments.Output() {
          @Override
          public void document(Document document) throws IOException {
            throw full;
          }

          @Override
          public void bad(BadRecord record) {}
        };

    IOException error =
        assertThrows(
            IOException.class,
            () ->
                FileDocuments.of(DocumentIO.read().from(folder.toString()))
                    .read(file, "a", output));

    assertThat(error, sameInstance(full));
  }
}
