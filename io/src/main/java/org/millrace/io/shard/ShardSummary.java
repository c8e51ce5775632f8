package org.millrace.io.shard;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;

/**
 * What one shard became.
 *
 * @param shard its number
 * @param samples how many samples it holds
 * @param outputs the same samples in each format, by the number of the sink
 * @param written what it holds of each source
 */
@DefaultCoder(ShardSummary.ShardSummaryCoder.class)
public record ShardSummary(int shard, long samples, List<Output> outputs, List<LedgerEntry> written)
    implements Serializable {

  public ShardSummary {
    outputs = List.copyOf(outputs);
    written = List.copyOf(written);
  }

  /**
   * A shard in one format.
   *
   * @param files its files, in the order in which the writer gave them
   * @param counts what it holds, see {@link ShardWriter#counts}
   */
  public record Output(List<ShardFile> files, SortedMap<String, Long> counts)
      implements Serializable {}

  /** Writes the fields in their order. */
  public static final class ShardSummaryCoder extends AtomicCoder<ShardSummary> {
    private static final ShardSummaryCoder INSTANCE = new ShardSummaryCoder();
    private static final StringUtf8Coder STRING = StringUtf8Coder.of();

    private ShardSummaryCoder() {}

    public static ShardSummaryCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(ShardSummary.class), INSTANCE);
    }

    @Override
    public void encode(ShardSummary summary, OutputStream out) throws IOException {
      VarInt.encode(summary.shard, out);
      VarInt.encode(summary.samples, out);
      VarInt.encode(summary.outputs.size(), out);
      for (Output output : summary.outputs) {
        VarInt.encode(output.files.size(), out);
        for (ShardFile file : output.files) {
          encodeFile(file, out);
        }
        VarInt.encode(output.counts.size(), out);
        for (var count : output.counts.entrySet()) {
          STRING.encode(count.getKey(), out);
          VarInt.encode(count.getValue(), out);
        }
      }
      Ledger.LedgerCoder.of().encode(new Ledger(summary.written), out);
    }

    @Override
    public ShardSummary decode(InputStream in) throws IOException {
      int shard = VarInt.decodeInt(in);
      long samples = VarInt.decodeLong(in);
      int outputCount = VarInt.decodeInt(in);
      List<Output> outputs = new ArrayList<>();
      for (int i = 0; i < outputCount; i++) {
        int fileCount = VarInt.decodeInt(in);
        List<ShardFile> files = new ArrayList<>();
        for (int j = 0; j < fileCount; j++) {
          files.add(decodeFile(in));
        }
        SortedMap<String, Long> counts = new TreeMap<>();
        int countCount = VarInt.decodeInt(in);
        for (int j = 0; j < countCount; j++) {
          counts.put(STRING.decode(in), VarInt.decodeLong(in));
        }
        outputs.add(new Output(files, counts));
      }
      return new ShardSummary(
          shard, samples, outputs, Ledger.LedgerCoder.of().decode(in).entries());
    }

    static void encodeFile(ShardFile file, OutputStream out) throws IOException {
      VarInt.encode(file.part(), out);
      STRING.encode(file.extension(), out);
      STRING.encode(file.location(), out);
      VarInt.encode(file.bytes(), out);
      STRING.encode(file.sha256(), out);
      VarInt.encode(file.samples(), out);
      VarInt.encode(file.facts().size(), out);
      for (var fact : file.facts().entrySet()) {
        STRING.encode(fact.getKey(), out);
        STRING.encode(fact.getValue(), out);
      }
    }

    static ShardFile decodeFile(InputStream in) throws IOException {
      int part = VarInt.decodeInt(in);
      String extension = STRING.decode(in);
      String location = STRING.decode(in);
      long bytes = VarInt.decodeLong(in);
      String sha256 = STRING.decode(in);
      long samples = VarInt.decodeLong(in);
      SortedMap<String, String> facts = new TreeMap<>();
      int factCount = VarInt.decodeInt(in);
      for (int i = 0; i < factCount; i++) {
        facts.put(STRING.decode(in), STRING.decode(in));
      }
      return new ShardFile(part, extension, location, bytes, sha256, samples, facts);
    }
  }
}
