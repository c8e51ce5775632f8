package org.millrace.io.document;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonlReaderTest {

  private static final String[] PIECES = {
    "{\"text\":\"a\"}\n", "{\"text\":\"bb\"}\r\n", "\n", "  \n", "oops\n", "{\"text\":1}\n", "\r\n"
  };

  @Test
  void aRecordBelongsToTheRangeOfItsFirstByteForAnyCut(@TempDir Path folder) throws Exception {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      StringBuilder content = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
      for (int i = random.nextInt(30); i >= 0; i--) {
        content.append(PIECES[random.nextInt(PIECES.length)]);
      }
      content.append(random.nextBoolean() ? "{\"text\":\"unended\"}" : "");
      Path file = Files.writeString(folder.resolve("a.jsonl"), content);
      ReadRecords whole = ReadRecords.of(file);

      ReadRecords split = ReadRecords.of(file, ReadRecords.DEFAULTS, 1 + random.nextInt(20));

      assertThat("seed " + seed, split.documents, equalTo(whole.documents));
      assertThat("seed " + seed, split.bad, equalTo(whole.bad));
    }
  }

  @Test
  void offsetsAreTheBytesOfTheRecords(@TempDir Path folder) throws Exception {
    byte[] content = "{\"text\":\"ü\"}\n\n {\"text\":\"b\"}\n".getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(folder.resolve("a.jsonl"), content);

    ReadRecords records = ReadRecords.of(file);

    assertThat(records.offsets(), equalTo(List.of(0L, 15L)));
  }

  @Test
  void aLineOfTheLimitIsReadAndALongerOneIsBad() {
    byte[] line = "{\"text\":\"0123456789\"}".getBytes(StandardCharsets.UTF_8);
    byte[] content = Arrays.copyOf(line, line.length + 2);
    content[line.length] = '\n';
    content[line.length + 1] = '\n';

    ReadRecords fits = ReadRecords.of(source(content), limit(line.length), 1 << 20);
    ReadRecords tooLong = ReadRecords.of(source(content), limit(line.length - 1), 1 << 20);

    assertThat(fits.texts(), equalTo(List.of("0123456789")));
    assertThat(tooLong.badKinds(), equalTo(List.of("0 RecordTooLarge")));
    assertThat(
        tooLong.bad.get(0).message(),
        equalTo("21 bytes, at most 20 are read; read.max_document_bytes sets the limit"));
  }

  private static ByteSource source(byte[] content) {
    return ReadRecords.source("a.jsonl", content);
  }

  private static ReadSettings limit(int bytes) {
    return new ReadSettings(
        DocumentFields.defaults(), DocumentFormat.AUTO, InvalidText.REJECT, bytes);
  }

  @Test
  void aLineOf200MegabytesPassesByInLittleMemory() {
    long size = 200_000_000;
    Runtime runtime = Runtime.getRuntime();
    runtime.gc();
    long before = runtime.totalMemory() - runtime.freeMemory();

    ReadRecords records = ReadRecords.of(new LongLine(size, runtime), limit(1 << 20), 1L << 40);

    assertThat(records.badKinds(), equalTo(List.of("0 RecordTooLarge")));
    assertThat(records.bad.get(0).excerpt().length(), equalTo(1024));
    assertThat(records.bad.get(0).message().startsWith("200000000 bytes"), equalTo(true));
    assertThat(records.texts(), equalTo(List.of("after")));
    assertThat(records.offsets(), equalTo(List.of(size + 1)));
    assertThat(LongLine.used(runtime) - before, lessThan(50_000_000L));
  }

  /** A line of that many bytes, and a short one. Collects garbage before its end. */
  private record LongLine(long size, Runtime runtime) implements ByteSource {

    private static final byte[] AFTER = "\n{\"text\":\"after\"}".getBytes(StandardCharsets.UTF_8);

    static long used(Runtime runtime) {
      runtime.gc();
      return runtime.totalMemory() - runtime.freeMemory();
    }

    @Override
    public ReadableByteChannel open() {
      return new ReadableByteChannel() {
        private long position;

        @Override
        public int read(ByteBuffer target) {
          int count = 0;
          for (; target.hasRemaining() && position < bytes(); position++, count++) {
            target.put(position < size ? (byte) 'x' : AFTER[(int) (position - size)]);
          }
          return count == 0 ? -1 : count;
        }

        @Override
        public boolean isOpen() {
          return true;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public long bytes() {
      return size + AFTER.length;
    }

    @Override
    public String name() {
      return "long.jsonl";
    }
  }
}
