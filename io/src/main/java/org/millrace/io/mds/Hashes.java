package org.millrace.io.mds;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashStream32;
import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;

/**
 * The hashes that MDS knows, by the names that Python's hashlib and xxhash give them; in lower-case
 * hexadecimal, those of xxHash with seed 0 and in big-endian order.
 */
final class Hashes {

  private static final int BUFFER_BYTES = 1 << 16;

  private static final Map<String, String> JAVA_NAMES =
      Map.of(
          "md5", "MD5",
          "sha1", "SHA-1",
          "sha224", "SHA-224",
          "sha256", "SHA-256",
          "sha384", "SHA-384",
          "sha512", "SHA-512",
          "sha3_224", "SHA3-224",
          "sha3_256", "SHA3-256",
          "sha3_384", "SHA3-384",
          "sha3_512", "SHA3-512");

  /** All names. */
  static final NavigableSet<String> NAMES = names();

  private Hashes() {}

  private static NavigableSet<String> names() {
    TreeSet<String> names = new TreeSet<>(JAVA_NAMES.keySet());
    names.addAll(List.of("blake2b", "blake2s", "xxh32", "xxh64", "xxh128", "xxh3_64", "xxh3_128"));
    return names;
  }

  /** Takes bytes in and gives their hash. */
  private interface Hash {
    void update(byte[] bytes, int from, int length);

    String hex();
  }

  /**
   * The hashes of all that is left of a stream, by their names.
   *
   * @param names of {@link #NAMES}
   */
  static SortedMap<String, String> of(InputStream in, Collection<String> names) throws IOException {
    List<String> order = List.copyOf(names);
    List<Hash> hashes = new ArrayList<>();
    order.forEach(name -> hashes.add(start(name)));
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      for (Hash hash : hashes) {
        hash.update(buffer, 0, read);
      }
    }
    TreeMap<String, String> all = new TreeMap<>();
    for (int i = 0; i < hashes.size(); i++) {
      all.put(order.get(i), hashes.get(i).hex());
    }
    return all;
  }

  private static Hash start(String name) {
    return switch (name) {
      case "blake2b" -> new Blake2(new Blake2bDigest(512));
      case "blake2s" -> new Blake2(new Blake2sDigest(256));
      case "xxh32" -> new XxHash(Hashing.xxh32().hashStream());
      case "xxh64" -> new XxHash(Hashing.xxh64().hashStream());
      case "xxh3_64" -> new XxHash(Hashing.xxh3_64().hashStream());
      case "xxh3_128", "xxh128" -> new XxHash(Hashing.xxh3_128().hashStream());
      default -> new JavaHash(javaDigest(name));
    };
  }

  private static MessageDigest javaDigest(String name) {
    try {
      return MessageDigest.getInstance(JAVA_NAMES.get(name));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no " + JAVA_NAMES.get(name), e);
    }
  }

  private record JavaHash(MessageDigest digest) implements Hash {

    @Override
    public void update(byte[] bytes, int from, int length) {
      digest.update(bytes, from, length);
    }

    @Override
    public String hex() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private record Blake2(ExtendedDigest digest) implements Hash {

    @Override
    public void update(byte[] bytes, int from, int length) {
      digest.update(bytes, from, length);
    }

    @Override
    public String hex() {
      byte[] hash = new byte[digest.getDigestSize()];
      digest.doFinal(hash, 0);
      return HexFormat.of().formatHex(hash);
    }
  }

  /** Each wider stream of hash4j is a narrower one too. */
  private record XxHash(HashStream32 stream) implements Hash {

    @Override
    public void update(byte[] bytes, int from, int length) {
      stream.putBytes(bytes, from, length);
    }

    @Override
    public String hex() {
      HexFormat hex = HexFormat.of();
      if (stream instanceof HashStream128 wide) {
        HashValue128 value = wide.get();
        return hex.toHexDigits(value.getMostSignificantBits())
            + hex.toHexDigits(value.getLeastSignificantBits());
      }
      if (stream instanceof HashStream64 middle) {
        return hex.toHexDigits(middle.getAsLong());
      }
      return hex.toHexDigits(stream.getAsInt());
    }
  }
}
