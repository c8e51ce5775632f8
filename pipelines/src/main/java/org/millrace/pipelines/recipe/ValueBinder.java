package org.millrace.pipelines.recipe;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millrace.pipelines.recipe.Node.Items;
import org.millrace.pipelines.recipe.Node.Kind;
import org.millrace.pipelines.recipe.Node.Scalar;

/** Binds single values and lists of them. */
final class ValueBinder {

  private ValueBinder() {}

  static List<Object> items(Key key, Node node, String path) {
    List<Object> values = new ArrayList<>();
    Set<Object> seen = new HashSet<>();
    for (Node item : itemNodes(key, node, path)) {
      Object value = item(key, item, path);
      if (!seen.add(value)) {
        throw new RecipeException(
            item.mark(), path + " holds " + spelled(value) + " twice; name each once");
      }
      values.add(value);
    }
    if (values.isEmpty() && !key.setting().mayBeEmpty()) {
      throw new RecipeException(
          node.mark(), path + " is an empty list, must be " + key.allowed() + ", at least one");
    }
    return List.copyOf(values);
  }

  /** An override may give a list as a text with commas. */
  private static List<Node> itemNodes(Key key, Node node, String path) {
    if (node instanceof Items list) {
      return list.items();
    }
    if (node.mark().isOverride() && node instanceof Scalar scalar && isGiven(scalar)) {
      return Arrays.stream(scalar.text().split(",", -1))
          .map(text -> YamlTree.parse(text.strip(), node.mark()))
          .toList();
    }
    throw mismatch(key, node, path);
  }

  private static boolean isGiven(Scalar scalar) {
    return scalar.kind() != Kind.NULL && scalar.kind() != Kind.EMPTY;
  }

  static Object item(Key key, Node node, String path) {
    if (!(node instanceof Scalar scalar) || !isGiven(scalar)) {
      throw mismatch(key, node, path);
    }
    Class<?> type = key.type();
    if (type.isEnum()) {
      return constant(key, scalar, path);
    }
    if (type == TokenChoice.class) {
      return token(key, scalar, path);
    }
    if (type == ShardCount.class) {
      return shardCount(key, scalar, path);
    }
    if (type == String.class && scalar.kind() == Kind.TEXT && !scalar.text().isEmpty()) {
      return scalar.text();
    }
    if (type == boolean.class && scalar.kind() == Kind.BOOLEAN) {
      return Boolean.valueOf(scalar.text());
    }
    if (type == double.class && isNumber(scalar)) {
      return number(key, scalar, path);
    }
    if ((type == int.class || type == long.class) && scalar.kind() == Kind.INTEGER) {
      return integer(key, scalar, path);
    }
    throw mismatch(key, node, path);
  }

  private static boolean isNumber(Scalar scalar) {
    return scalar.kind() == Kind.INTEGER || scalar.kind() == Kind.NUMBER;
  }

  private static Object constant(Key key, Scalar scalar, String path) {
    for (Object constant : key.type().getEnumConstants()) {
      if (scalar.kind() == Kind.TEXT && scalar.text().equals(Key.spelled((Enum<?>) constant))) {
        return constant;
      }
    }
    Optional<String> near = Nearest.to(scalar.text(), key.choices());
    throw new RecipeException(
        scalar.mark(),
        String.format(
            "%s is %s, must be %s%s",
            path,
            scalar.found(),
            key.allowed(),
            near.map(name -> "; did you mean " + name + "?").orElse("")));
  }

  private static TokenChoice token(Key key, Scalar scalar, String path) {
    if (scalar.kind() == Kind.INTEGER) {
      BigInteger id = parseInteger(scalar.text());
      if (id.signum() >= 0 && id.bitLength() < Integer.SIZE) {
        return TokenChoice.ofId(id.intValue());
      }
    }
    if (scalar.kind() == Kind.TEXT && !scalar.text().isEmpty()) {
      return TokenChoice.ofText(scalar.text());
    }
    throw mismatch(key, scalar, path);
  }

  private static ShardCount shardCount(Key key, Scalar scalar, String path) {
    if (scalar.kind() == Kind.TEXT && scalar.text().equals(ShardCount.INPUT_FILES_TEXT)) {
      return ShardCount.INPUT_FILES;
    }
    if (scalar.kind() == Kind.INTEGER) {
      BigInteger number = parseInteger(scalar.text());
      boolean inRange = number.signum() > 0 && number.bitLength() < Integer.SIZE;
      if (inRange && key.allows(number.doubleValue())) {
        return ShardCount.of(number.intValue());
      }
    }
    throw mismatch(key, scalar, path);
  }

  private static Object integer(Key key, Scalar scalar, String path) {
    BigInteger number = parseInteger(scalar.text());
    int bits = key.type() == int.class ? Integer.SIZE : Long.SIZE;
    if (number.bitLength() >= bits || !key.allows(number.doubleValue())) {
      throw mismatch(key, scalar, path);
    }
    return key.type() == int.class ? (Object) number.intValue() : (Object) number.longValue();
  }

  /** YAML allows a plus sign, and underscores between digits. */
  private static BigInteger parseInteger(String text) {
    return new BigInteger(text.replace("_", ""));
  }

  private static Object number(Key key, Scalar scalar, String path) {
    try {
      double number = Double.parseDouble(scalar.text().replace("_", ""));
      if (Double.isFinite(number) && key.allows(number)) {
        return number;
      }
      throw mismatch(key, scalar, path);
    } catch (NumberFormatException e) {
      throw mismatch(key, scalar, path);
    }
  }

  private static RecipeException mismatch(Key key, Node node, String path) {
    boolean quoted = key.type() == String.class && node instanceof Scalar scalar && isGiven(scalar);
    String fix = quoted && !node.found().contains("\"") ? "; put it in quotes" : "";
    return new RecipeException(
        node.mark(), path + " is " + node.found() + ", must be " + key.allowed() + fix);
  }

  private static String spelled(Object value) {
    return value instanceof Enum<?> constant ? Key.spelled(constant) : value.toString();
  }
}
