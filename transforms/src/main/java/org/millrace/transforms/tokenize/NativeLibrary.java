package org.millrace.transforms.tokenize;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.djl.sentencepiece.jni.SentencePieceLibrary;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The native tokenizer libraries, each loaded once a class loader.
 *
 * <p>A Java process refuses to load one file from two class loaders, and DJL keeps one file for all
 * of them: the second job on a Flink cluster would fail. So each class loader loads a copy of its
 * own, which is deleted again at once; the mapping in memory stays. This is always the library for
 * the CPU, which comes with DJL's jars: nothing is looked for in the network.
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

  /** The library of Hugging Face, which is loaded at the first call. */
  static TokenizersLibrary tokenizers() {
    return Tokenizers.LIBRARY;
  }

  /** The library SentencePiece, which is loaded at the first call. */
  static SentencePieceLibrary sentencePiece() {
    return SentencePiece.LIBRARY;
  }

  private static final class Tokenizers {
    private static final TokenizersLibrary LIBRARY = load();

    private static TokenizersLibrary load() {
      NativeLibrary.load(TokenizersLibrary.class, Tokenizers::loadHere);
      return TokenizersLibrary.LIB;
    }

    private static void loadHere() throws IOException {
      if (isWindows()
          || System.getenv(LIBRARY_PATH) != null
          || System.getProperty(LIBRARY_PATH) != null) {
        LibUtils.checkStatus();
        return;
      }
      try {
        loadCopy("tokenizers", "cpu/", Tokenizers::loadFile);
      } finally {
        System.clearProperty(LIBRARY_PATH);
      }
    }

    private static void loadFile(Path library) {
      if (isOfThisLoader(TokenizersLibrary.class)) {
        System.load(library.toString());
        return;
      }
      System.setProperty(LIBRARY_PATH, library.toString());
      LibUtils.checkStatus();
    }
  }

  private static final class SentencePiece {
    private static final SentencePieceLibrary LIBRARY = load();

    private static SentencePieceLibrary load() {
      NativeLibrary.load(SentencePieceLibrary.class, SentencePiece::loadHere);
      return SentencePieceLibrary.LIB;
    }

    private static void loadHere() throws IOException {
      if (isWindows() || !isOfThisLoader(SentencePieceLibrary.class)) {
        // It takes no path to a copy; but then all class loaders share that of DJL.
        ai.djl.sentencepiece.jni.LibUtils.loadLibrary();
        return;
      }
      loadCopy("sentencepiece_native", "", library -> System.load(library.toString()));
    }
  }

  private interface Loading {
    void run() throws IOException;
  }

  private interface FileLoading {
    void load(Path library);
  }

  private static void load(Class<?> library, Loading loading) {
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    // DJL looks for its resources in the thread's class loader, which need not be that of DJL.
    thread.setContextClassLoader(library.getClassLoader());
    try {
      synchronized (PROCESS_WIDE_LOCK) {
        loading.run();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot unpack a native tokenizer library to a temporary folder; free space there, or"
              + " name another with -Djava.io.tmpdir",
          e);
    } finally {
      thread.setContextClassLoader(context);
    }
  }

  /** A library belongs to the class loader whose code loads it, which must be that of DJL. */
  private static boolean isOfThisLoader(Class<?> library) {
    return NativeLibrary.class.getClassLoader() == library.getClassLoader();
  }

  /** There a library is several files, and a loaded file cannot be deleted. */
  private static boolean isWindows() {
    return System.getProperty("os.name").startsWith("Windows");
  }

  private static void loadCopy(String name, String flavour, FileLoading loading)
      throws IOException {
    Path folder = Files.createTempDirectory("millrace-tokenizers-");
    Path library = folder.resolve(System.mapLibraryName(name));
    try {
      try (InputStream in = open(flavour + library.getFileName())) {
        Files.copy(in, library);
      }
      loading.load(library);
    } finally {
      Files.deleteIfExists(library);
      Files.delete(folder);
    }
  }

  private static InputStream open(String file) throws IOException {
    String os =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "osx" : "linux";
    String processor = System.getProperty("os.arch");
    String resource =
        "native/lib/%s-%s/%s".formatted(os, processor.equals("amd64") ? "x86_64" : processor, file);
    InputStream in = LibUtils.class.getClassLoader().getResourceAsStream(resource);
    if (in == null) {
      throw new FileNotFoundException(
          "no " + resource + " on the class path: there is no tokenizer library for this platform");
    }
    return in;
  }
}
