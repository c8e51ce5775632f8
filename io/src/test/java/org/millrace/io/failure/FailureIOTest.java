package org.millrace.io.failure;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.OrderKey;

class FailureIOTest {

  @TempDir Path output;

  private static BadRecord record(int number) {
    // Ids that sort otherwise than positions do.
    String id = "a:" + number;
    return new BadRecord(
        OrderKey.natural(0, 1, number),
        id,
        "web",
        "read",
        "InvalidJson",
        "said \"no\"",
        "{\"a\u0001ü");
  }

  private void run(List<BadRecord> records, FailureIO.Write write, long expected) {
    Pipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    PCollection<Long> count =
        pipeline.apply(Create.of(records).withCoder(BadRecord.BadRecordCoder.of())).apply(write);
    String file = output.resolve("failures/bad-records.jsonl").toString();
    PCollection<Boolean> written =
        count.apply(
            MapElements.into(TypeDescriptors.booleans()).via(n -> Files.exists(Path.of(file))));
    PAssert.thatSingleton(count).isEqualTo(expected);
    PAssert.thatSingleton(written).isEqualTo(expected > 0);
    pipeline.run().waitUntilFinish();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(output)) {
      return files.filter(Files::isRegularFile).map(f -> output.relativize(f).toString()).toList();
    }
  }

  @Test
  void writesRecordsInTheOrderOfTheInputWhateverTheirOwn() throws IOException {
    List<BadRecord> records =
        new ArrayList<>(IntStream.range(0, 50).mapToObj(FailureIOTest::record).toList());
    records.add(record(7));
    run(records, FailureIO.write().to(output.toString()), 51);
    List<String> lines = Files.readAllLines(output.resolve("failures/bad-records.jsonl"));

    Collections.shuffle(records, new Random(5));
    run(records, FailureIO.write().to(output.toString()), 51);

    assertThat(Files.readAllLines(output.resolve("failures/bad-records.jsonl")), equalTo(lines));
    assertThat(lines.size(), equalTo(51));
    assertThat(lines.get(7), equalTo(lines.get(8)));
    assertThat(lines.get(9).contains("\"id\":\"a:8\""), equalTo(true));
    assertThat(lines.get(50).contains("\"id\":\"a:49\""), equalTo(true));
    assertThat(
        lines.get(0),
        equalTo(
            "{\"stage\":\"read\",\"id\":\"a:0\",\"source\":\"web\",\"exception\":\"InvalidJson\","
                + "\"message\":\"said \\\"no\\\"\",\"record\":\"{\\\"a\\u0001ü\"}"));
    assertThat(files(), equalTo(List.of("failures/bad-records.jsonl")));
  }

  @Test
  void writesNothingWhereThereIsNoBadRecord() throws IOException {
    run(List.of(), FailureIO.write().to(output.toString()), 0);

    assertThat(files(), equalTo(List.of()));
  }

  @Test
  void checksItsSettings() {
    assertThrows(IllegalArgumentException.class, () -> FailureIO.write().to(""));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            TestPipeline.create()
                .enableAbandonedNodeEnforcement(false)
                .apply(Create.empty(BadRecord.BadRecordCoder.of()))
                .apply(FailureIO.write()));
  }
}
