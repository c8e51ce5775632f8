package org.millrace.runners.benchmark;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredSample;

/**
 * What a teacher costs by itself: ONNX Runtime over the batches that {@code cepe-logits} makes of
 * plain sequences of one length, by as many threads, with nothing done with the logits.
 *
 * <pre>
 * LogitsLoop MODEL MDS_FOLDER BATCH_TOKENS THREADS
 * </pre>
 *
 * <p>Prints the number of rows and the seconds they took, without loading the model.
 */
public final class LogitsLoop {

  private LogitsLoop() {}

  public static void main(String[] arguments) throws Exception {
    List<int[]> rows = rows(arguments[1]);
    int each = Math.max(1, Integer.parseInt(arguments[2]) / rows.get(0).length);
    int threads = Integer.parseInt(arguments[3]);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      try (OrtSession session = environment.createSession(arguments[0], options)) {
        run(environment, session, rows.subList(0, 1)); // warms up
        long start = System.nanoTime();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<Float>> done = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += each) {
          List<int[]> batch = rows.subList(from, Math.min(rows.size(), from + each));
          done.add(pool.submit(() -> run(environment, session, batch)));
        }
        float sum = 0;
        for (Future<Float> batch : done) {
          sum += batch.get();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        pool.shutdown();
        System.out.printf("%d rows, %.3f s, sum %g%n", rows.size(), seconds, sum);
      }
    }
  }

  private static List<int[]> rows(String folder) throws Exception {
    List<int[]> rows = new ArrayList<>();
    for (List<StoredFile> shard :
        MdsIO.format().shards(StoredFolder.list(folder), finding -> {})) {
      try (ShardReader reader = MdsIO.format().open(shard);
          SampleCursor cursor = reader.read(0)) {
        for (Optional<StoredSample> sample = cursor.next();
            sample.isPresent();
            sample = cursor.next()) {
          rows.add(sample.get().ids("tokens", folder).toArray());
        }
      }
    }
    return rows;
  }

  private static float run(OrtEnvironment environment, OrtSession session, List<int[]> rows)
      throws Exception {
    int length = rows.get(0).length;
    long[] ids = new long[rows.size() * length];
    long[] mask = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = rows.get(i / length)[i % length];
      mask[i] = 1;
    }
    long[] shape = {rows.size(), length};
    Map<String, OnnxTensor> inputs = new HashMap<>();
    inputs.put("input_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape));
    if (session.getInputNames().contains("attention_mask")) {
      inputs.put(
          "attention_mask", OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape));
    }
    // Logits go to memory of Java, as they must before anything can be done with them.
    int vocabulary =
        (int) ((TensorInfo) session.getOutputInfo().get("logits").getInfo()).getShape()[2];
    FloatBuffer memory = MEMORY.get();
    int size = rows.size() * length * vocabulary;
    if (memory.capacity() < size) {
      memory =
          ByteBuffer.allocateDirect(size * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      MEMORY.set(memory);
    }
    memory.clear().limit(size);
    try (OnnxTensor logits =
        OnnxTensor.createTensor(
            environment, memory, new long[] {rows.size(), length, vocabulary})) {
      session.run(inputs, Set.of(), Map.of("logits", logits)).close();
      return memory.get(0);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static final ThreadLocal<FloatBuffer> MEMORY =
      ThreadLocal.withInitial(() -> FloatBuffer.allocate(0));
}
