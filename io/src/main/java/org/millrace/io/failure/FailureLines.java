package org.millrace.io.failure;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.sort.SortedSpool;

/** Writes bad records as JSON lines. */
final class FailureLines {

  private static final JsonFactory FACTORY = new JsonFactory();

  private FailureLines() {}

  /** Writes all records, in their order. */
  static void write(SortedSpool<BadRecord> records, ResourceId file) throws IOException {
    try (OutputStream out =
            new BufferedOutputStream(
                Channels.newOutputStream(FileSystems.create(file, "application/x-ndjson")));
        JsonGenerator json = FACTORY.createGenerator(out)) {
      json.setRootValueSeparator(null);
      while (records.hasNext()) {
        write(records.next(), json);
      }
    }
  }

  private static void write(BadRecord record, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("stage", record.stage());
    json.writeStringField("id", record.id());
    json.writeStringField("source", record.source());
    json.writeStringField("exception", record.exception());
    json.writeStringField("message", record.message());
    json.writeStringField("record", record.record());
    json.writeEndObject();
    json.writeRaw('\n');
  }
}
