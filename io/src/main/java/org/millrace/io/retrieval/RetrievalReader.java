package org.millrace.io.retrieval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.StoredValues;
import org.millrace.io.stored.TokenDigest;
import org.millrace.transforms.data.TokenIds;

/**
 * Reads passages line by line.
 *
 * @param samples the lines
 */
record RetrievalReader(StoredFile file, long samples) implements ShardReader {

  /** A passage of 2^18 tokens in JSON, with its text; a longer line is damage. */
  private static final int LINE_LIMIT = 1 << 24;

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final List<Column> COLUMNS =
      List.of(
          new Column(RetrievalIO.ID, "str"),
          new Column(RetrievalIO.CONTENTS, "str"),
          new Column(RetrievalIO.NEIGHBOR, "str"),
          Column.array(RetrievalIO.CONTENTS_IDS, DType.INT32),
          Column.array(RetrievalIO.NEIGHBOR_IDS, DType.INT32));

  /**
   * A line.
   *
   * @param contents the ids of the passage
   * @param neighbor the ids of what follows it
   */
  private record Passage(StoredSample sample, String id, TokenIds contents, TokenIds neighbor) {}

  static RetrievalReader open(StoredFile file) throws IOException {
    long lines = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = file.stream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        for (int i = 0; i < read; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
    return new RetrievalReader(file, lines);
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public Contents check(long vocabularySize, Consumer<Finding> findings) throws IOException {
    TokenDigest.Builder digest = new TokenDigest.Builder();
    try (Lines lines = new Lines()) {
      for (Optional<Passage> next = lines.next(); next.isPresent(); next = lines.next()) {
        Passage passage = next.get();
        digest.addSample(passage.contents);
        String where = "line " + lines.number;
        String ending = "_" + (lines.number - 1);
        if (!passage.id.endsWith(ending)) {
          findings.accept(
              Finding.of(file.path(), where + ": " + RetrievalIO.ID, "..." + ending, passage.id));
        }
        for (TokenIds each : List.of(passage.contents, passage.neighbor)) {
          if (each.max() >= vocabularySize) {
            String expected = "0.." + (vocabularySize - 1);
            findings.accept(Finding.of(file.path(), where + ": id", expected, each.max()));
          }
        }
      }
      if (lines.number != samples) {
        findings.accept(Finding.of(file.path(), "line breaks", lines.number, samples));
      }
    }
    return new Contents(samples, digest.build());
  }

  @Override
  public SampleCursor read(long from) throws IOException {
    Lines lines = new Lines();
    for (long i = 0; i < from; i++) {
      lines.line();
    }
    return new SampleCursor() {
      @Override
      public Optional<StoredSample> next() throws IOException {
        return lines.next().map(Passage::sample);
      }

      @Override
      public void close() throws IOException {
        lines.close();
      }
    };
  }

  @Override
  public void close() {}

  private final class Lines implements AutoCloseable {
    private final InputStream in;
    private long number;

    Lines() throws IOException {
      in = new BufferedInputStream(file.stream(), 1 << 16);
    }

    Optional<Passage> next() throws IOException {
      byte[] line = line();
      return line.length == 0 ? Optional.empty() : Optional.of(parse(line));
    }

    /** The next line; empty at the end. */
    private byte[] line() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      int next = in.read();
      while (next >= 0 && next != '\n') {
        if (line.size() == LINE_LIMIT) {
          throw damaged("line", "at most " + LINE_LIMIT + " bytes", "more");
        }
        line.write(next);
        next = in.read();
      }
      if (next == '\n' && line.size() == 0) {
        throw damaged("line " + number, "a JSON object", "an empty line");
      }
      number += line.size() == 0 ? 0 : 1;
      return line.toByteArray();
    }

    private Passage parse(byte[] line) throws IOException {
      try {
        JsonNode json = MAPPER.readTree(line);
        TokenIds contents = ids(json, RetrievalIO.CONTENTS_IDS);
        TokenIds neighbor = ids(json, RetrievalIO.NEIGHBOR_IDS);
        String id = text(json, RetrievalIO.ID);
        StoredSample sample =
            new StoredValues(
                COLUMNS,
                List.of(
                    id,
                    text(json, RetrievalIO.CONTENTS),
                    text(json, RetrievalIO.NEIGHBOR),
                    NdArray.of(DType.INT32, contents),
                    NdArray.of(DType.INT32, neighbor)));
        return new Passage(sample, id, contents, neighbor);
      } catch (JsonProcessingException e) {
        throw damaged("line " + number, "a JSON object", e.getOriginalMessage());
      }
    }

    private String text(JsonNode json, String key) throws IOException {
      JsonNode value = json.path(key);
      if (!value.isTextual()) {
        throw damaged("line " + number + ": " + key, "text", value.getNodeType());
      }
      return value.textValue();
    }

    private TokenIds ids(JsonNode json, String key) throws IOException {
      JsonNode list = json.path(key);
      if (!list.isArray()) {
        throw damaged("line " + number + ": " + key, "a list of ids", list.getNodeType());
      }
      int[] ids = new int[list.size()];
      for (int i = 0; i < ids.length; i++) {
        JsonNode id = list.get(i);
        if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
          throw damaged("line " + number + ": " + key, "token ids", id);
        }
        ids[i] = id.intValue();
      }
      return TokenIds.wrap(ids);
    }

    private IOException damaged(String what, Object expected, Object got) {
      return new IOException(Finding.of(file.path(), what, expected, got).toString());
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
