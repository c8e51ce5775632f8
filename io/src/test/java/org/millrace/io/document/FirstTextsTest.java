package org.millrace.io.document;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstTextsTest {

  @TempDir private Path folder;

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  private DocumentIO.Read read() {
    return DocumentIO.read().from(folder.toString());
  }

  private static String lines(String text, int count) {
    return ("{\"text\":\"" + text + "\"}\n").repeat(count);
  }

  @Test
  void givesTextsOfEveryFormatAndPassesOverTheRest() throws IOException {
    write("a.jsonl", "{\"body\":\"one\"}\noops\n{\"body\":\"two\"}\n");
    write("b.txt", "three");
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write("{\"body\":\"four\"}\n".getBytes(StandardCharsets.UTF_8));
    }
    Files.write(folder.resolve("c.jsonl.gz"), zipped.toByteArray());
    write("d.jsonl", "");

    List<String> texts = read().withFields(DocumentFields.defaults().withText("body")).firstTexts();

    assertThat(texts, contains("one", "two", "three", "four"));
  }

  @Test
  void givesTheFirstOfManyTexts() throws IOException {
    write("a.jsonl", lines("x", 300));
    write("b.jsonl", lines("y", 300));

    List<String> texts = read().firstTexts();

    assertThat(texts, hasSize(400));
    assertThat(texts.stream().filter("x"::equals).count(), is(200L));
  }

  @Test
  void takesFilesAtEqualDistances() throws IOException {
    for (int i = 0; i < 80; i++) {
      write("file-" + (100 + i) + ".jsonl", lines("text " + i, 60));
    }

    List<String> texts = read().firstTexts();

    assertThat(texts, hasSize(400));
    assertThat(
        texts.stream().distinct().toList(),
        contains(
            "text 0", "text 10", "text 20", "text 30", "text 40", "text 50", "text 60", "text 70"));
  }

  @Test
  void cutsLongTextsBetweenCharacters() throws IOException {
    // An odd number of units before the first pair, so that one pair lies across the limit.
    write("a.txt", "x" + "\ud83d\ude00".repeat(600_000));

    List<String> texts = read().firstTexts();

    assertThat(texts, hasSize(1));
    assertThat(texts.get(0).length(), is((1 << 20) - 1));
    assertThat(texts.get(0).codePoints().noneMatch(c -> c == 0xd83d), is(true));
  }

  @Test
  void endsWhereNothingOfALargeFileCanBeUsed() throws IOException {
    write("a.jsonl", "no\n".repeat(2000) + lines("x", 1));
    write("b.jsonl", lines("y", 3));

    // What comes after so many bad records is not waited for.
    assertThat(read().firstTexts(), contains("y", "y", "y"));
  }

  @Test
  void saysThatThereIsNoInput() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> read().firstTexts());

    assertThat(e.getMessage(), containsString("input " + folder));
  }
}
