package org.millrace.io.retrieval;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.python.Python;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardNaming;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenWindow;
import org.millrace.transforms.tokenize.TokenizerSpec;

class RetrievalIOTest {

  private static final Path TOKENIZER =
      Path.of(System.getProperty("millrace.home", ".."))
          .resolve("testdata/tokenizers/bytes-8k/tokenizer.json");

  @TempDir private Path folder;

  private static ShardSink<TokenWindow> sink() throws IOException {
    TokenizerSpec spec = TokenizerSpec.of(TOKENIZER.toString(), false);
    return RetrievalIO.sink(spec, Set.of(0), List.of("arxiv", "wiki"));
  }

  private static TokenWindow window(long index, int... tokens) {
    return new TokenWindow(
        "7", "wiki", index, new OrderKey(index, 0), "a:" + index, TokenIds.of(tokens), 0, 2);
  }

  private Path written(TokenWindow... windows) throws IOException {
    Path copy = Files.createDirectories(folder.resolve("retrieval/7")).resolve("wiki.jsonl");
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<TokenWindow> writer = sink().open(scratch, windows.length)) {
      for (TokenWindow window : windows) {
        writer.write(window);
      }
      List<LocalFile> files = writer.finish();
      Files.copy(files.get(0).path(), copy);
    }
    return copy;
  }

  @Test
  void writesAsPythonDoes() throws Exception {
    int[] ids;
    try (var tokenizer = TokenizerSpec.of(TOKENIZER.toString(), false).open()) {
      ids = tokenizer.encode("a\u00e9\ud83d\ude00 b\"").toArray();
    }
    Path file =
        written(
            window(0, ids),
            new TokenWindow("7", "wiki", 1, new OrderKey(1, 0), "b", TokenIds.of(ids), 0, ids.length));

    String script =
        """
        import json, sys
        lines = open(sys.argv[1], encoding='ascii').read().split('\\n')
        assert lines.pop() == ''
        for line in lines:
            found = json.loads(line)
            assert json.dumps(found) == line
            print(list(found), found['id'], found['contents'], len(found['neighbor_token_ids']), sep='|')
        """;
    List<String> printed = Python.orSkip().run(script, file).lines().toList();
    String keys = "['id', 'contents', 'neighbor', 'contents_token_ids', 'neighbor_token_ids']";
    assertThat(printed.get(0), startsWith(keys + "|wiki_7_0|a"));
    assertThat(printed.get(1), equalTo(keys + "|wiki_7_1|a\u00e9\ud83d\ude00 b\"|0"));
  }

  @Test
  void readsBackWhatItWrites() throws IOException {
    written(window(0, 5, 6, 7), window(1, 8, 9));
    StoredFolder stored = StoredFolder.list(folder.toString());
    List<List<StoredFile>> shards = RetrievalIO.format().shards(stored, finding -> {});
    List<Finding> findings = new ArrayList<>();

    ShardReader.Contents found =
        StoredShards.check(RetrievalIO.format(), shards.get(0), 100, findings::add);

    assertThat(findings, is(empty()));
    List<TokenIds> contents = List.of(TokenIds.of(5, 6), TokenIds.of(8, 9));
    assertThat(found, is(new ShardReader.Contents(2, StoredShards.digest(contents))));
    assertThat(
        StoredShards.samples(RetrievalIO.format(), shards.get(0), 0)
            .get(0)
            .ids("neighbor_token_ids", ""),
        is(TokenIds.of(7)));
  }

  @Test
  void leavesBeginAndEndOutOfTheTextAlone() throws IOException {
    Path file = written(window(0, 0, 66, 0));

    String line = Files.readString(file);

    assertThat(line.contains("\"neighbor\": \"\""), is(true));
    assertThat(line.contains("\"contents_token_ids\": [0, 66]"), is(true));
    assertThat(line.contains("endoftext"), is(false));
  }

  @Test
  void otherJsonLinesAreNotPassages() throws IOException {
    Files.createDirectories(folder.resolve("failures"));
    Files.writeString(folder.resolve("failures/bad.jsonl"), "{}\n");

    StoredFolder stored = StoredFolder.list(folder.toString());

    assertThat(RetrievalIO.format().shards(stored, finding -> {}), is(empty()));
  }

  @Test
  void aShardIsNamedAfterItsDomain() throws IOException {
    ShardNaming naming = sink().naming();

    assertThat(
        naming.fileName(new ShardNaming.Place(1, Optional.empty(), 0, 1, ".jsonl")),
        equalTo("wiki.jsonl"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"id": "wiki_7_0"}              | line 1: contents_token_ids: expected a list of ids, got MISSING
          [                               | line 1: expected a JSON object, got
          {"contents_token_ids": [1.5]}   | line 1: contents_token_ids: expected token ids, got 1.5
          {"contents_token_ids": [-1]}    | line 1: contents_token_ids: expected token ids, got -1
          """)
  void namesWhatIsDamaged(String line, String expected) throws IOException {
    Path file = Files.createDirectories(folder.resolve("retrieval/7")).resolve("wiki.jsonl");
    Files.write(file, (line.strip() + "\n").getBytes(StandardCharsets.UTF_8));
    List<StoredFile> shard = List.of(StoredShards.file(file, "retrieval/7/wiki.jsonl"));

    Exception error =
        assertThrows(
            IOException.class,
            () -> StoredShards.check(RetrievalIO.format(), shard, 100, finding -> {}));

    assertThat(error.getMessage(), startsWith("retrieval/7/wiki.jsonl: " + expected));
  }

  @Test
  void findsForeignIdsAndNumbers() throws IOException {
    written(window(1, 5, 600, 7));
    List<StoredFile> shard =
        List.of(StoredShards.file(folder.resolve("retrieval/7/wiki.jsonl"), "wiki.jsonl"));
    List<Finding> findings = new ArrayList<>();

    StoredShards.check(RetrievalIO.format(), shard, 100, findings::add);

    assertThat(
        findings.stream().map(Finding::toString).toList(),
        contains(
            "wiki.jsonl: line 1: id: expected ..._0, got wiki_7_1",
            "wiki.jsonl: line 1: id: expected 0..99, got 600"));
  }
}
