package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.sameInstance;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {

  /** What each class loader runs. */
  public static final class Encoder {
    public static int[] encode(String path, String text) throws Exception {
      try (Tokenizer tokenizer = TokenizerSpec.of(path, false).open()) {
        return tokenizer.encode(text).toArray();
      }
    }
  }

  @Test
  void worksInSeveralClassLoadersOfAProcess(@TempDir Path folder) throws Exception {
    String path = new TinyTokenizer("l l", "H e").with("</s>", true).write(folder).toString();
    int[] expected = Encoder.encode(path, "Hello</s>");

    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (URLClassLoader one = isolated();
        URLClassLoader other = isolated()) {
      Future<int[]> first = threads.submit(() -> encodeIn(one, path));
      Future<int[]> second = threads.submit(() -> encodeIn(other, path));

      assertThat(first.get(), is(expected));
      assertThat(second.get(), is(expected));
      assertThat(encodeIn(one, path), is(expected));
      assertThat(System.getProperty("RUST_LIBRARY_PATH"), is(nullValue()));
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void worksForSentencePieceInSeveralClassLoadersToo(@TempDir Path folder) throws Exception {
    String path = new TinySentencePiece("H", "e", "l", "o").write(folder).toString();
    int[] expected = Encoder.encode(path, "Hello</s>");

    try (URLClassLoader one = isolated();
        URLClassLoader other = isolated()) {
      assertThat(encodeIn(one, path), is(expected));
      assertThat(encodeIn(other, path), is(expected));
    }
  }

  @Test
  void letsTheClassLoaderOfAFinishedJobGo(@TempDir Path folder) throws Exception {
    String path = new TinyTokenizer("l l", "H e").write(folder).toString();
    WeakReference<ClassLoader> loader = new WeakReference<>(null);

    // In a thread of its own, because libraries keep things with the thread that called them.
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      loader = thread.submit(() -> usedUp(path)).get();
    } finally {
      thread.shutdown();
    }
    assertThat(thread.awaitTermination(10, TimeUnit.SECONDS), is(true));

    for (int i = 0; i < 20 && loader.get() != null; i++) {
      System.gc();
    }
    assertThat(loader.get(), is(nullValue()));
  }

  private static WeakReference<ClassLoader> usedUp(String path) throws Exception {
    try (URLClassLoader loader = isolated()) {
      encodeIn(loader, path);
      return new WeakReference<>(loader);
    }
  }

  private static int[] encodeIn(ClassLoader loader, String path) throws Exception {
    Class<?> encoder = loader.loadClass(Encoder.class.getName());
    assertThat(encoder, is(not(sameInstance((Object) Encoder.class))));
    return (int[])
        encoder.getMethod("encode", String.class, String.class).invoke(null, path, "Hello</s>");
  }

  /** The test's class path once more, with no class in common with the test. */
  private static URLClassLoader isolated() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }
}
