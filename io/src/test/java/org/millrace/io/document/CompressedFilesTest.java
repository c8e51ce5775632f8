package org.millrace.io.document;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class CompressedFilesTest {

  private static byte[] lines(int from, int to) {
    StringBuilder lines = new StringBuilder();
    Random random = new Random(from);
    for (int i = from; i < to; i++) {
      lines.append(String.format("{\"text\":\"%d %x\"}%n", i, random.nextLong()));
    }
    return lines.toString().replace("\r", "").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] compress(String suffix, byte[]... members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      for (byte[] member : members) {
        try (OutputStream out = open(suffix, bytes)) {
          out.write(member);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static OutputStream open(String suffix, OutputStream out) throws IOException {
    return switch (suffix) {
      case ".gz" -> new GZIPOutputStream(out);
      case ".zst" -> new ZstdOutputStream(out).setChecksum(true).setCloseFrameOnFlush(true);
      case ".bz2" -> new BZip2CompressorOutputStream(out);
      case ".xz" -> new XZOutputStream(out, new LZMA2Options(0));
      default -> throw new IllegalArgumentException(suffix);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {".gz", ".zst", ".bz2", ".xz"})
  void readsAllMembers(String suffix) {
    byte[] plain = lines(0, 5000);
    byte[] file =
        compress(suffix, Arrays.copyOf(plain, 1234), Arrays.copyOfRange(plain, 1234, plain.length));

    ReadRecords records = ReadRecords.of("a.jsonl" + suffix, file);

    assertThat(records.documents, equalTo(ReadRecords.of("a.jsonl", plain).documents));
    assertThat(records.documents.size(), equalTo(5000));
    assertThat(records.bad, equalTo(List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {".gz", ".zst", ".bz2", ".xz"})
  void keepsWhatComesBeforeACutWhereverItIs(String suffix) {
    byte[] first = compress(suffix, lines(0, 6));
    byte[] file = compress(suffix, lines(0, 6), lines(6, 12));
    byte[] plain = new byte[lines(0, 6).length + lines(6, 12).length];
    System.arraycopy(lines(0, 6), 0, plain, 0, lines(0, 6).length);
    System.arraycopy(lines(6, 12), 0, plain, lines(0, 6).length, lines(6, 12).length);
    List<RawDocument> all = ReadRecords.of("a.jsonl", plain).documents;
    Set<Integer> clean = Set.of(0, first.length, file.length);

    for (int cut = 0; cut <= file.length; cut++) {
      ReadRecords records = ReadRecords.of("a.jsonl" + suffix, Arrays.copyOf(file, cut));

      String where = suffix + " cut at " + cut + " of " + file.length;
      assertThat(where, records.bad.size(), equalTo(clean.contains(cut) ? 0 : 1));
      assertThat(where, records.documents, equalTo(all.subList(0, records.documents.size())));
      if (cut >= first.length) {
        assertThat(where, 6, lessThanOrEqualTo(records.documents.size()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".gz", ".zst", ".bz2", ".xz"})
  void reportsAFlippedByteOrReadsOn(String suffix) {
    byte[] file = compress(suffix, lines(0, 40));

    for (int i = 0; i < file.length; i++) {
      byte[] flipped = file.clone();
      flipped[i] ^= 0x10;
      ReadRecords records = ReadRecords.of("a.jsonl" + suffix, flipped);

      // A broken record may come out before a checksum tells; but nothing fails, and no place is
      // given out twice.
      Set<Long> places = new HashSet<>(records.offsets());
      records.bad.forEach(b -> places.add(b.offset()));
      assertThat(places.size(), equalTo(records.documents.size() + records.bad.size()));
    }
  }

  @Test
  void keepsAllBeforeABadChecksum() {
    byte[] plain = lines(0, 40);
    byte[] gzip = compress(".gz", plain);
    gzip[gzip.length - 8] ^= 1; // RFC 1952: CRC32 and size end a member.
    byte[] zstd = compress(".zst", plain);
    zstd[zstd.length - 1] ^= 1; // RFC 8878: the checksum ends a frame.

    ReadRecords ofGzip = ReadRecords.of("a.jsonl.gz", gzip);
    ReadRecords ofZstd = ReadRecords.of("a.jsonl.zst", zstd);

    assertThat(ofGzip.documents.size(), equalTo(40));
    assertThat(ofGzip.badKinds(), equalTo(List.of(plain.length + " DamagedFile")));
    assertThat(ofZstd.documents.size(), equalTo(40));
    assertThat(ofZstd.badKinds(), equalTo(List.of(plain.length + " DamagedFile")));
  }

  @Test
  void keepsRepetitiveLinesBeforeACut() {
    byte[] plain = "{\"text\":\"a\"}\n".repeat(4000).getBytes(StandardCharsets.UTF_8);
    byte[] file = compress(".gz", plain);

    ReadRecords records = ReadRecords.of("a.jsonl.gz", Arrays.copyOf(file, file.length - 8));

    assertThat(records.documents.size(), equalTo(4000));
    assertThat(records.badKinds(), equalTo(List.of(plain.length + " DamagedFile")));
  }

  @Test
  void tellsAFailingFileSystemFromDamage() {
    byte[] file = compress(".gz", lines(0, 5000));
    IOException failure = new IOException("connection lost");
    ByteSource source =
        new ByteSource() {
          @Override
          public ReadableByteChannel open() {
            return new FailingChannel(ByteBuffer.wrap(file, 0, file.length / 2), failure);
          }

          @Override
          public long bytes() {
            return file.length;
          }

          @Override
          public String name() {
            return "a.jsonl.gz";
          }
        };

    UncheckedIOException thrown =
        assertThrows(
            UncheckedIOException.class,
            () -> ReadRecords.of(source, ReadRecords.DEFAULTS, 1 << 20));

    assertThat(thrown.getCause(), sameInstance(failure));
  }

  private record FailingChannel(ByteBuffer bytes, IOException failure)
      implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer target) throws IOException {
      if (!bytes.hasRemaining()) {
        throw failure;
      }
      int count = Math.min(target.remaining(), bytes.remaining());
      target.put(bytes.slice().limit(count));
      bytes.position(bytes.position() + count);
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void tellsByContentWhatAMisnamedFileIs() {
    byte[] plain = lines(0, 3);

    assertThat(ReadRecords.of("plain.jsonl.gz", plain).documents.size(), equalTo(3));
    assertThat(ReadRecords.of("z.jsonl.gz", compress(".zst", plain)).documents.size(), equalTo(3));
    assertThat(ReadRecords.of("g.jsonl", compress(".gz", plain)).documents.size(), equalTo(3));
    assertThat(
        ReadRecords.of("no.jsonl.gz", "no JSON".getBytes(StandardCharsets.UTF_8)).badKinds(),
        equalTo(List.of("0 UnknownContent")));
    assertThat(
        ReadRecords.of(
                ReadRecords.source("g.jsonl", compress(".gz", lines(0, 300))),
                ReadRecords.DEFAULTS,
                10)
            .documents
            .size(),
        equalTo(300));
  }

  @Test
  void readsTextFilesAsOneDocument() {
    byte[] text = "\uFEFFtwo\nlines\n".getBytes(StandardCharsets.UTF_8);
    byte[] file = compress(".xz", text);

    ReadRecords records = ReadRecords.of("a.txt.xz", file);
    ReadRecords cut = ReadRecords.of("a.txt.xz", Arrays.copyOf(file, file.length - 20));

    assertThat(records.documents, equalTo(List.of(new RawDocument(0, "", "two\nlines\n", "{}"))));
    assertThat(cut.documents, equalTo(List.of()));
    assertThat(cut.bad.size(), equalTo(1));
    assertThat(
        ReadRecords.of("a.txt.gz", compress(".gz", new byte[0])).documents.size(), equalTo(0));
    assertThat(
        ReadRecords.of("a.txt", new byte[] {(byte) 0xFF}).badKinds(),
        equalTo(List.of("0 InvalidText")));
  }

  @Test
  void refusesAnXzThatNeedsTooMuchMemory() {
    byte[] file = compress(".xz", lines(0, 3));
    // The header of the first block stands behind the 12 bytes of the stream's header: its size,
    // flags, the filter's id and size, then the size of the dictionary; a CRC32 ends it.
    int header = 12;
    int size = (file[header] + 1) * 4;
    file[header + 4] = 36; // 1 GiB
    CRC32 crc = new CRC32();
    crc.update(file, header, size - 4);
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(header + size - 4, (int) crc.getValue());

    ReadRecords records = ReadRecords.of("a.jsonl.xz", file);

    assertThat(records.badKinds(), equalTo(List.of("0 DamagedFile")));
    assertThat(records.bad.get(0).message(), containsString("memory"));
  }

  @Test
  void countsEveryCompressedByteOnce() {
    byte[] file = compress(".zst", lines(0, 500));

    ReadRecords records = ReadRecords.of("a.jsonl.zst", file);

    assertThat(records.consumed, equalTo((long) file.length));
    assertThat(
        IntStream.range(0, 500).allMatch(i -> records.texts().get(i).startsWith(i + " ")),
        equalTo(true));
  }
}
