package org.millrace.io.shard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.util.VarInt;
import org.millrace.io.document.InputCount;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;

/**
 * Says that a shard is complete, under temporary names yet: a run that begins again need not make
 * it a second time.
 *
 * <pre>
 * Receipt --> Magic, ShardSummary, Ledger, Count, InputCount^Count, Present, ShardFile, SHA-256
 *   Magic --> "millrace receipt 1\n"     SHA-256 --> of all before it, 32 bytes
 * </pre>
 *
 * @param summary what the shard became
 * @param entries what its piece of the input gave and lost; empty where steps before it say so
 * @param inputs what was read of its piece of the input
 * @param badRecords the records that could not be used, encoded one after another; none where the
 *     list is empty, else one file
 */
record ShardReceipt(
    ShardSummary summary,
    List<LedgerEntry> entries,
    List<InputCount> inputs,
    List<ShardFile> badRecords) {

  private static final byte[] MAGIC = "millrace receipt 1\n".getBytes(StandardCharsets.US_ASCII);

  private static final int DIGEST_BYTES = 32;

  /** A receipt of a shard whose samples came from steps before it. */
  static ShardReceipt of(ShardSummary summary) {
    return new ShardReceipt(summary, List.of(), List.of(), List.of());
  }

  byte[] encode() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(MAGIC);
    ShardSummary.ShardSummaryCoder.of().encode(summary, out);
    Ledger.LedgerCoder.of().encode(new Ledger(entries), out);
    VarInt.encode(inputs.size(), out);
    for (InputCount input : inputs) {
      InputCount.InputCountCoder.of().encode(input, out);
    }
    VarInt.encode(badRecords.size(), out);
    for (ShardFile file : badRecords) {
      ShardSummary.ShardSummaryCoder.encodeFile(file, out);
    }
    out.write(StableHash.sha256().digest(out.toByteArray()));
    return out.toByteArray();
  }

  /**
   * Reads a receipt.
   *
   * @throws IOException when it is cut off or damaged
   */
  static ShardReceipt decode(byte[] bytes) throws IOException {
    int end = bytes.length - DIGEST_BYTES;
    if (end < MAGIC.length
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        || !Arrays.equals(
            StableHash.sha256().digest(Arrays.copyOf(bytes, end)),
            Arrays.copyOfRange(bytes, end, bytes.length))) {
      throw new IOException("expected a receipt of a shard, got " + bytes.length + " other bytes");
    }
    ByteArrayInputStream in = new ByteArrayInputStream(bytes, MAGIC.length, end - MAGIC.length);
    ShardSummary summary = ShardSummary.ShardSummaryCoder.of().decode(in);
    List<LedgerEntry> entries = Ledger.LedgerCoder.of().decode(in).entries();
    List<InputCount> inputs = new ArrayList<>();
    for (int i = VarInt.decodeInt(in); i > 0; i--) {
      inputs.add(InputCount.InputCountCoder.of().decode(in));
    }
    List<ShardFile> badRecords = new ArrayList<>();
    for (int i = VarInt.decodeInt(in); i > 0; i--) {
      badRecords.add(ShardSummary.ShardSummaryCoder.decodeFile(in));
    }
    return new ShardReceipt(summary, entries, inputs, badRecords);
  }

  /** All files that must be there for the receipt to be good. */
  List<ShardFile> files() {
    List<ShardFile> files = new ArrayList<>(badRecords);
    summary.outputs().forEach(output -> files.addAll(output.files()));
    return files;
  }
}
