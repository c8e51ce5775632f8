package org.millrace.io.hdf5;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuperblockTest {

  @TempDir private Path folder;

  private ByteBuffer sound;

  @BeforeEach
  void writeSoundFile() throws IOException {
    byte[] bytes = Files.readAllBytes(Rows.write(folder, 1, 2));
    sound = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private String error(byte[] bytes) throws IOException {
    Path path = Files.write(folder.resolve("a.h5"), bytes);
    return assertThrows(IOException.class, () -> Rows.open(path)).getMessage();
  }

  @Test
  void aFileOfAnotherKindIsRefused() throws IOException {
    assertThat(
        error(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 0}),
        equalTo(
            "a.h5: offset 0: superblock: signature: expected 89 48 44 46 0d 0a 1a 0a,"
                + " got 93 4e 55 4d 50 59 01 00 00"));
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    assertThat(
        error(new byte[0]),
        equalTo("a.h5: offset 0: superblock: signature: expected 89 48 44 46 0d 0a 1a 0a, got "));
  }

  @Test
  void aFileThatShouldBeLargerIsRefused() throws IOException {
    sound.putLong(0x28, 1_000_000);

    assertThat(
        error(sound.array()),
        equalTo(
            "a.h5: offset 40: superblock: size of the file: expected 1000000, got "
                + sound.limit()));
  }

  @Test
  void addressesOfFourBytesAreRefused() throws IOException {
    sound.put(13, (byte) 4);

    assertThat(
        error(sound.array()),
        equalTo("a.h5: offset 13: superblock: bytes of an address: expected 8, got 4"));
  }

  @Test
  void nodesOfAnyFileAreSmall() throws IOException {
    ByteBuffer version1 = ByteBuffer.allocate(sound.limit() + 4).order(ByteOrder.LITTLE_ENDIAN);
    version1.put(sound.array(), 0, 24).putShort((short) 1025).putShort((short) 0);
    version1.put(sound.array(), 24, sound.limit() - 24).put(8, (byte) 1);

    assertThat(
        error(version1.array()),
        equalTo("a.h5: offset 24: superblock: K of chunk indexes: expected 1..1024, got 1025"));
  }
}
