package org.millrace.pipelines.datasets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.testing.TestPipeline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.document.InputCount;
import org.millrace.io.shard.Manifest;
import org.millrace.io.verify.DatasetVerifier;
import org.millrace.io.verify.StoredDataset;
import org.millrace.pipelines.Datasets;
import org.millrace.transforms.ledger.LedgerEntry;

/** Tokenizing file by file, on the Direct runner. */
class CepeTokenizeTest {


  @TempDir private Path folder;
  private Corpus corpus;

  @BeforeEach
  void makeCorpus() throws IOException {
    corpus = Corpus.in(folder);
  }

  private static List<String> settings(String... more) {
    return Stream.concat(
            Stream.of("max_bad_fraction=0.5", "domains=books,web=net"), Stream.of(more))
        .toList();
  }

  private void run(List<String> overrides) throws IOException {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Datasets.plan(Datasets.recipe("cepe-tokenize", overrides), corpus.job()).addTo(pipeline);
    pipeline.run().waitUntilFinish();
    assertThat(
        DatasetVerifier.verify(StoredDataset.open(corpus.output().toString())), is(empty()));
  }

  /** The documents of a file, without their begin and end, which must be there. */
  private List<String> documents(String path) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(corpus.output().resolve("npy").resolve(path)))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(new String(bytes.array(), 10, 128 - 10).contains("'<i8'"), is(true));
    bytes.position(128);
    int[] lengths = new int[(int) bytes.getLong()];
    Arrays.setAll(lengths, i -> (int) bytes.getLong());
    List<String> documents = new ArrayList<>();
    try (var tokenizer =
        org.millrace.transforms.tokenize.TokenizerSpec.of(corpus.tokenizer(), false).open()) {
      for (int length : lengths) {
        int[] ids = new int[length];
        Arrays.setAll(ids, i -> (int) bytes.getLong());
        assertThat((long) ids[0], equalTo((long) tokenizer.idOf("<s>").orElseThrow()));
        assertThat(
            (long) ids[length - 1], equalTo((long) tokenizer.idOf("<|endoftext|>").orElseThrow()));
        documents.add(
            tokenizer.decode(
                org.millrace.transforms.data.TokenIds.of(ids).slice(1, length - 1)));
      }
    }
    assertThat(bytes.hasRemaining(), is(false));
    return documents;
  }

  private List<String> npyFiles() throws IOException {
    return corpus.files().stream().filter(file -> file.startsWith("npy/")).toList();
  }

  @Test
  void eachFileBecomesOneOfItsNameInTheFolderOfItsDomain() throws IOException {
    run(settings());

    assertThat(npyFiles(), contains("npy/books/b.npy", "npy/net/a.npy"));
    assertThat(documents("books/b.npy"), contains("ghijklmno", "pq", "rstuv"));
    assertThat(documents("net/a.npy"), contains("abcdef", "abcdef", "wxyz", "0123"));
    assertThat(
        corpus.manifest().ledger().entries(),
        contains(
            new LedgerEntry("books", "read", "read", 3, 16, 0),
            new LedgerEntry("books", "tokenize", "tokenized", 3, 16, 22),
            new LedgerEntry("books", "write", "written", 3, 16, 22),
            new LedgerEntry("net", "read", "bad", 1, 0, 0),
            new LedgerEntry("net", "read", "read", 6, 20, 0),
            new LedgerEntry("net", "tokenize", "empty", 1, 0, 0),
            new LedgerEntry("net", "tokenize", "tokenized", 4, 20, 28),
            new LedgerEntry("net", "write", "written", 4, 20, 28)));
    assertThat(
        corpus.manifest().inputs(),
        contains(new InputCount("books/b.jsonl", 52, 3), new InputCount("web/a.jsonl", 100, 5)));
    assertThat(corpus.failures(), containsString("\"id\":\"web/a.jsonl:18\""));
  }

  /** printf 'books/b.jsonl\nweb/a.jsonl\n' | sha256sum */
  @Test
  void theListOfFilesIsKept() throws IOException {
    run(settings());

    assertThat(
        corpus.manifest().reports().get("file_list"),
        equalTo(
            "{\"files\":2,\"order\":\"path\",\"sha256\":"
                + "\"caafc7d73528ffd83f284c96442fe303fca2acbaf128f38dee5fcc7327d3b930\"}"));
  }

  @Test
  void aFileWithoutDocumentsIsThereAndInt64() throws IOException {
    Files.createFile(folder.resolve("in/books/empty.jsonl"));
    Files.writeString(folder.resolve("in/books/blank.jsonl"), "{\"text\":\" \"}\n");

    run(settings());

    assertThat(
        npyFiles(),
        contains(
            "npy/books/b.npy",
            "npy/books/blank.npy",
            "npy/books/empty.npy",
            "npy/net/a.npy"));
    assertThat(documents("books/empty.npy"), is(empty()));
    assertThat(documents("books/blank.npy"), is(empty()));
    assertThat(
        Files.size(corpus.output().resolve("npy/books/empty.npy")), equalTo(128L + Long.BYTES));
    Manifest.Output output = corpus.manifest().outputs().get(0);
    assertThat(output.files().size(), equalTo(4));
    assertThat(output.samples(), equalTo(7L));
  }

  @Test
  void aFieldMayTellTheDomain() throws IOException {
    Files.writeString(
        folder.resolve("in/web/mixed.jsonl"),
        """
        {"text":"one","meta":{"set":"Books"}}
        {"text":"two","meta":{"set":"Web"}}
        {"text":"three","meta":{"set":"Code"}}
        {"text":"four","meta":{"set":"Books"}}
        {"text":"five"}
        [
        """);
    Files.delete(folder.resolve("in/web/a.jsonl"));
    Files.delete(folder.resolve("in/books/b.jsonl"));

    run(settings("domains=Books=books,Web=net,Tomes=books", "domain_field=meta.set"));

    assertThat(npyFiles(), contains("npy/books/web/mixed.npy", "npy/net/web/mixed.npy"));
    assertThat(documents("books/web/mixed.npy"), contains("one", "four"));
    assertThat(documents("net/web/mixed.npy"), contains("two"));
    assertThat(
        corpus.manifest().ledger().entries().stream()
            .filter(entry -> entry.source().equals("none"))
            .toList(),
        contains(
            new LedgerEntry("none", "read", "bad", 1, 0, 0),
            new LedgerEntry("none", "read", "of_no_domain", 2, 9, 0),
            new LedgerEntry("none", "read", "read", 3, 9, 0)));
    assertThat(corpus.manifest().inputs().get(0).documents(), equalTo(5L));
  }

  @Test
  void refusesAFileOfNoDomain() throws IOException {
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> run(settings("domains=books")));

    assertThat(
        error.getMessage(),
        containsString("web/a.jsonl: no folder in its path is a domain, which are [books]"));
  }

  @Test
  void refusesFilesThatWouldHaveOneName() throws IOException {
    Files.createDirectories(folder.resolve("in/net"));
    Files.writeString(folder.resolve("in/net/a.jsonl"), "{\"text\":\"x\"}\n");

    Exception error =
        assertThrows(
            IllegalArgumentException.class, () -> run(settings("domains=books,web=net,net")));

    assertThat(
        error.getMessage(),
        containsString("the input files net/a.jsonl and web/a.jsonl would both become net/a"));
  }

  @Test
  void otherTypesAreNarrower() throws IOException {
    run(settings("npy.dtype=uint16"));

    assertThat(
        Files.size(corpus.output().resolve("npy/books/b.npy")), equalTo(128L + 2 * (1 + 3 + 22)));
  }
}
