package org.millrace.io.mds;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;

/**
 * The few things that the pickle of a numpy array is made of. Each form is numpy's own: {@code
 * _reconstruct} with a state, or from protocol 5 on {@code _frombuffer}; data as bytes, in protocol
 * 2 as text of Latin-1.
 */
final class PickledObjects {

  /** What a pickle may name. */
  private enum Global {
    RECONSTRUCT,
    FROM_BUFFER,
    ARRAY,
    DTYPE,
    ENCODE,
    BYTES
  }

  // numpy.core is numpy._core from numpy 2 on.
  private static final Map<String, Global> GLOBALS =
      Map.of(
          "numpy.core.multiarray _reconstruct", Global.RECONSTRUCT,
          "numpy._core.multiarray _reconstruct", Global.RECONSTRUCT,
          "numpy.core.numeric _frombuffer", Global.FROM_BUFFER,
          "numpy._core.numeric _frombuffer", Global.FROM_BUFFER,
          "numpy ndarray", Global.ARRAY,
          "numpy memmap", Global.ARRAY,
          "numpy dtype", Global.DTYPE,
          "_codecs encode", Global.ENCODE,
          "__builtin__ bytes", Global.BYTES);

  /** A dtype: its kind and size, and its byte order once its state is set. */
  private static final class PickledDType {
    private final String kind;
    private Optional<DType> dtype = Optional.empty();

    PickledDType(String kind) {
      this.kind = kind;
    }
  }

  /** An array, complete once its state is set. */
  private static final class Pending {
    private Optional<NdArray> array = Optional.empty();
  }

  /** The global of a name. */
  static Object global(Object module, Object name) throws IOException {
    Global global = GLOBALS.get(module + " " + name);
    if (global == null || !(module instanceof String) || !(name instanceof String)) {
      throw new IOException("expected a numpy array, got " + module + "." + name);
    }
    return global;
  }

  /** The array that a value is. */
  static NdArray array(Object value) throws IOException {
    if (value instanceof Pending pending && pending.array.isPresent()) {
      return pending.array.get();
    }
    throw new IOException("pickle: expected a numpy array, got another value");
  }

  /** The result of a call. */
  Object reduce(Object function, Object arguments) throws IOException {
    if (function instanceof Global global && arguments instanceof List<?> list) {
      switch (global) {
        case RECONSTRUCT -> {
          if (list.size() == 3 && list.get(0) == Global.ARRAY) {
            return new Pending();
          }
        }
        case FROM_BUFFER -> {
          if (list.size() == 4 && "C".equals(list.get(3))) {
            Pending pending = new Pending();
            pending.array = Optional.of(array(list.get(2), list.get(1), list.get(0)));
            return pending;
          }
        }
        case DTYPE -> {
          if (list.size() == 3 && list.get(0) instanceof String kind) {
            return new PickledDType(kind);
          }
        }
        case ENCODE -> {
          if (list.size() == 2 && "latin1".equals(list.get(1))) {
            return latin1(list.get(0));
          }
        }
        case BYTES -> {
          if (list.isEmpty()) {
            return ByteBuffer.allocate(0);
          }
        }
        case ARRAY -> throw new IOException("expected numpy's own form of an array, got a call");
      }
      throw new IOException("expected numpy's arguments of " + global + ", got others");
    }
    throw new IOException("expected a call of numpy, got another");
  }

  /** Sets the state of an object. */
  void build(Object object, Object state) throws IOException {
    if (state instanceof List<?> list) {
      if (object instanceof PickledDType dtype && list.size() >= 8) {
        dtype.dtype = Optional.of(dtype(dtype.kind, list));
        return;
      }
      if (object instanceof Pending pending && list.size() == 5) {
        if (!Boolean.FALSE.equals(list.get(3))) {
          throw new IOException("expected an array row after row, got one in Fortran's order");
        }
        pending.array = Optional.of(array(list.get(1), list.get(2), list.get(4)));
        return;
      }
    }
    throw new IOException("expected the state of an array or a dtype, got another");
  }

  // numpy, descriptor.c, arraydescr_reduce: version, order, subarray, names, fields, ...
  private static DType dtype(String kind, List<?> state) throws IOException {
    boolean plain = state.subList(2, 5).stream().allMatch(part -> part == PickleReader.Marker.NONE);
    return DType.ofDescr(state.get(1) + kind)
        .filter(dtype -> plain && state.get(1) instanceof String)
        .orElseThrow(
            () ->
                new IOException(
                    "expected an array of little-endian numbers, got " + state.get(1) + kind));
  }

  private static ByteBuffer latin1(Object text) throws IOException {
    if (text instanceof String string && string.chars().allMatch(c -> c <= 0xFF)) {
      return ByteBuffer.wrap(string.getBytes(StandardCharsets.ISO_8859_1));
    }
    throw new IOException("expected bytes as text of Latin-1, got another value");
  }

  private static NdArray array(Object dimensions, Object type, Object data) throws IOException {
    if (dimensions instanceof List<?> list
        && type instanceof PickledDType dtype
        && dtype.dtype.isPresent()
        && data instanceof ByteBuffer bytes) {
      List<Integer> shape = new ArrayList<>();
      long expected = dtype.dtype.get().bytes();
      for (Object each : list) {
        if (!(each instanceof Long dimension) || dimension < 0 || dimension > Integer.MAX_VALUE) {
          throw new IOException("expected dimensions of 0 or more, got " + each);
        }
        shape.add(dimension.intValue());
        expected *= Math.min(dimension, Integer.MAX_VALUE);
        if (expected > Integer.MAX_VALUE) {
          break;
        }
      }
      if (expected == bytes.remaining() && shape.size() == list.size()) {
        return new NdArray(dtype.dtype.get(), shape, bytes.order(ByteOrder.LITTLE_ENDIAN));
      }
      throw new IOException(
          "expected the values of "
              + list
              + " of "
              + dtype.dtype.get().label()
              + ", got "
              + bytes.remaining()
              + " bytes");
    }
    throw new IOException("expected a shape, a dtype and bytes, got other values");
  }
}
