package org.millrace.io.shard;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.ledger.Ledger;

class ManifestEngineTest {

  private static Manifest manifest(ManifestHeader.Tokenizer tokenizer) {
    return new Manifest(
        new ManifestHeader("{}", "ab", tokenizer), List.of(), new Ledger(List.of()), List.of());
  }

  private static String json(Manifest manifest) {
    return new String(manifest.toJson(), StandardCharsets.UTF_8);
  }

  @Test
  void namesTheEngineBeforeTheName() throws Exception {
    Manifest manifest = manifest(new ManifestHeader.Tokenizer("gpt2", "cd", 50_257, "java"));

    assertThat(
        json(manifest), containsString("{\n    \"engine\" : \"java\",\n    \"name\" : \"gpt2\""));
    assertThat(Manifest.parse(manifest.toJson(), "m"), is(manifest));
  }

  @Test
  void leavesOutAnEngineThatIsNotKnown() throws Exception {
    Manifest manifest = manifest(new ManifestHeader.Tokenizer("gpt2", "cd", 50_257));

    assertThat(json(manifest), not(containsString("engine")));
    assertThat(Manifest.parse(manifest.toJson(), "m"), is(manifest));
  }
}
