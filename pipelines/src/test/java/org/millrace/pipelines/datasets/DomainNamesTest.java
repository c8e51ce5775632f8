package org.millrace.pipelines.datasets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainNamesTest {

  private static final DomainNames NAMES =
      DomainNames.parse(List.of("arxiv", "common_crawl=cc", "cc", "RedPajamaArXiv=arxiv"));

  @Test
  void eachDomainOnceInTheOrderOfTheRecipe() {
    assertThat(NAMES.domains(), contains("arxiv", "cc"));
    assertThat(NAMES.domain("RedPajamaArXiv"), equalTo(Optional.of("arxiv")));
    assertThat(NAMES.domain("RedPajamaBook"), equalTo(Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "arxiv/x.1.jsonl, arxiv, arxiv/x.1.jsonl",
    "common_crawl/2019-30/a.jsonl.zst, cc, cc/2019-30/a.jsonl.zst",
    "deep/common_crawl/cc/a.jsonl, cc, deep/cc/cc/a.jsonl",
    "redpajama/arxiv/arxiv/a.jsonl, arxiv, redpajama/arxiv/arxiv/a.jsonl"
  })
  void theFirstFolderThatIsADomainNamesAFile(String path, String domain, String renamed) {
    assertThat(NAMES.renamed(path), equalTo(new DomainNames.Renamed(domain, renamed)));
  }

  @ParameterizedTest
  @CsvSource({"arxiv.jsonl", "myarxiv/x.jsonl", "x/arxiv"})
  void aPartOfANameIsNoDomain(String path) {
    Exception error = assertThrows(IllegalArgumentException.class, () -> NAMES.renamed(path));

    assertThat(
        error.getMessage(),
        containsString(
            path + ": no folder in its path is a domain, which are [arxiv, common_crawl, cc,"));
  }

  @ParameterizedTest
  @CsvSource({"a=b/c", "a=", "=b", "a=..", "''"})
  void refusesWhatIsNoFolder(String text) {
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> DomainNames.parse(List.of(text)));

    assertThat(error.getMessage(), containsString("domains must be written as name"));
  }

  @Test
  void refusesOneNameTwice() {
    Exception error =
        assertThrows(
            IllegalArgumentException.class, () -> DomainNames.parse(List.of("a=b", "a=c")));

    assertThat(error.getMessage(), containsString("a is there twice"));
  }
}
