package org.millrace.transforms.tokenize;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The native tokenizer library, loaded once a class loader.
 *
 * <p>A Java process refuses to load one file from two class loaders, and DJL keeps one file for all
 * of them: the second job on a Flink cluster would fail. So each class loader loads a copy of its
 * own, which is deleted again at once; the mapping in memory stays. This is always the library for
 * the CPU, which comes with DJL's jar: nothing is looked for in the network.
 *
 * <p>DJL's own loading is gone around where that can be: it asks for a GPU, which starts a thread
 * that keeps the class loader of a finished job on its worker for ever.
 */
final class NativeLibrary {

  /** What DJL asks first for a ready library, as an environment variable or a property. */
  private static final String LIBRARY_PATH = "RUST_LIBRARY_PATH";

  /** The one object that all class loaders of a process share under this name. */
  private static final String PROCESS_WIDE_LOCK = "org.millrace.tokenize.library".intern();

  private NativeLibrary() {}

  /** The library, which is loaded at the first call. */
  static TokenizersLibrary get() {
    return Holder.LIBRARY;
  }

  private static final class Holder {
    private static final TokenizersLibrary LIBRARY = load();
  }

  private static TokenizersLibrary load() {
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    // DJL looks for its resources in the thread's class loader, which need not be that of DJL.
    thread.setContextClassLoader(LibUtils.class.getClassLoader());
    try {
      synchronized (PROCESS_WIDE_LOCK) {
        if (isChosenByUser()) {
          LibUtils.checkStatus();
        } else {
          loadOwnCopy();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot unpack the native tokenizer library to a temporary folder; free space there, or"
              + " name another with -Djava.io.tmpdir",
          e);
    } finally {
      thread.setContextClassLoader(context);
    }
    return TokenizersLibrary.LIB;
  }

  /** On Windows the library is several files, and a loaded file cannot be deleted. */
  private static boolean isChosenByUser() {
    return System.getenv(LIBRARY_PATH) != null
        || System.getProperty(LIBRARY_PATH) != null
        || System.getProperty("os.name").startsWith("Windows");
  }

  private static void loadOwnCopy() throws IOException {
    Path folder = Files.createTempDirectory("millrace-tokenizers-");
    Path library = folder.resolve(System.mapLibraryName("tokenizers"));
    try {
      try (InputStream in = open(library.getFileName().toString())) {
        Files.copy(in, library);
      }
      load(library);
    } finally {
      System.clearProperty(LIBRARY_PATH);
      Files.deleteIfExists(library);
      Files.delete(folder);
    }
  }

  /** A library belongs to the class loader whose code loads it, which must be that of DJL. */
  private static void load(Path library) {
    if (NativeLibrary.class.getClassLoader() == TokenizersLibrary.class.getClassLoader()) {
      System.load(library.toString());
      return;
    }
    System.setProperty(LIBRARY_PATH, library.toString());
    LibUtils.checkStatus();
  }

  private static InputStream open(String fileName) throws IOException {
    String os =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "osx" : "linux";
    String processor = System.getProperty("os.arch");
    String resource =
        "native/lib/%s-%s/cpu/%s"
            .formatted(os, processor.equals("amd64") ? "x86_64" : processor, fileName);
    InputStream in = LibUtils.class.getClassLoader().getResourceAsStream(resource);
    if (in == null) {
      throw new FileNotFoundException(
          "no " + resource + " on the class path: there is no tokenizer library for this platform");
    }
    return in;
  }
}
