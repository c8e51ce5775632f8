package org.millrace.pipelines.datasets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.millrace.io.document.DocumentIO;
import org.millrace.io.document.FileDocuments;
import org.millrace.io.document.InputCount;
import org.millrace.io.document.InputFile;
import org.millrace.io.shard.ShardSource;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.tokenize.DocumentEncoder;
import org.millrace.transforms.tokenize.EncoderSettings;

/**
 * The documents of each input file as token ids.
 *
 * <p>Where a field tells the domain of a document, a file is read once for each domain, and gives
 * the documents of that one: shard {@code domain * files + file}. What belongs to no domain, and
 * what is bad, is told with the first.
 */
final class FileTokens implements ShardSource<TokenizedDocument> {

  /** Why a document is dropped whose field names none of the domains. */
  static final String NO_DOMAIN = "of_no_domain";

  private static final long serialVersionUID = 1L;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final DocumentIO.Read read;
  private final List<InputFile> files;
  private final DomainNames names;
  private final String field;
  private final EncoderSettings settings;
  private transient DocumentEncoder encoder;

  /**
   * Reads files.
   *
   * @param field that holds a document's domain; empty where the path does
   */
  FileTokens(
      DocumentIO.Read read,
      List<InputFile> files,
      DomainNames names,
      Optional<String> field,
      EncoderSettings settings) {
    this.read = read;
    this.files = List.copyOf(files);
    this.names = names;
    this.field = field.orElse("");
    this.settings = settings;
  }

  @Override
  public void open() throws IOException {
    encoder = settings.open();
  }

  @Override
  public void read(int shard, Output<TokenizedDocument> output) throws IOException {
    InputFile file = files.get(shard % files.size());
    FileDocuments documents = FileDocuments.of(read);
    if (field.isEmpty()) {
      String domain = names.renamed(file.relativePath()).domain();
      output.input(documents.read(file, domain, new Taking(output)));
    } else {
      boolean first = shard < files.size();
      Choosing choosing =
          new Choosing(new Taking(output), names.domains().get(shard / files.size()), first);
      InputCount count = documents.read(file, "", choosing);
      if (first) {
        output.input(count);
      }
    }
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
      encoder = null;
    }
  }

  /** Takes all documents of a file. */
  private final class Taking implements FileDocuments.Output {
    private final Output<TokenizedDocument> output;

    Taking(Output<TokenizedDocument> output) {
      this.output = output;
    }

    @Override
    public void document(Document document) throws IOException {
      document.tallyTo(output.tally(), DocumentIO.STEP, Ledger.READ);
      DocumentEncoder.Result result = encoder.encode(document, output.tally());
      if (result.tokens().isPresent()) {
        output.sample(result.tokens().get());
      }
      if (result.bad().isPresent()) {
        output.badRecord(result.bad().get());
      }
    }

    @Override
    public void bad(BadRecord record) throws IOException {
      output.tally().add(record.source(), DocumentIO.STEP, Ledger.READ, 1, 0, 0);
      output.tally().add(record.source(), DocumentIO.STEP, Ledger.BAD, 1, 0, 0);
      output.badRecord(record);
    }

    void drop(Document document) {
      document.tallyTo(output.tally(), DocumentIO.STEP, Ledger.READ);
      document.tallyTo(output.tally(), DocumentIO.STEP, NO_DOMAIN);
    }
  }

  /** Takes the documents of one domain. */
  private final class Choosing implements FileDocuments.Output {
    private final Taking taking;
    private final String domain;
    private final boolean others;

    Choosing(Taking taking, String domain, boolean others) {
      this.taking = taking;
      this.domain = domain;
      this.others = others;
    }

    @Override
    public void document(Document document) throws IOException {
      String value = value(document);
      Optional<String> found = names.domain(value);
      if (found.isPresent() && found.get().equals(domain)) {
        taking.document(withSource(document, domain));
      } else if (found.isEmpty() && others) {
        taking.drop(withSource(document, "none"));
      }
    }

    private Document withSource(Document document, String source) {
      return new Document(
          document.position(), document.id(), source, document.text(), document.meta());
    }

    @Override
    public void bad(BadRecord record) throws IOException {
      if (others) {
        taking.bad(
            new BadRecord(
                record.position(),
                record.id(),
                "none",
                record.stage(),
                record.exception(),
                record.message(),
                record.record()));
      }
    }

    /** What the field holds, or nothing. */
    private String value(Document document) {
      try {
        JsonNode node = JSON.readTree(document.meta());
        for (String name : field.split("\\.", -1)) {
          node = node.path(name);
        }
        return node.asText("");
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(document.id() + ": its meta is no JSON", e);
      }
    }
  }
}
