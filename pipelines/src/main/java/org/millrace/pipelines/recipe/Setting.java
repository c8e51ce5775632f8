package org.millrace.pipelines.recipe;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what a key of a recipe means: stands on each component of a record that a recipe is bound
 * to. The component's name in snake case is the key.
 *
 * <p>A component is a {@code long}, {@code int}, {@code double}, {@code boolean}, {@code String},
 * an enum (its constants in lower case), a {@link TokenChoice}, a {@link ShardCount}, a {@code
 * List} of one of these, or a record, which is a section of the recipe, or a list of them. As an
 * {@code Optional} it may be {@code null}, and is when the key is absent and has no default: a
 * section that may be off.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

  /** What the key does, in one sentence or two. */
  String doc();

  /** The value where the key is absent, as YAML; empty where the key is required. */
  String defaultsTo() default "";

  /** The smallest number allowed. */
  double min() default Double.NEGATIVE_INFINITY;

  /** The largest number allowed. */
  double max() default Double.POSITIVE_INFINITY;

  /** Whether {@link #min} itself is not allowed. */
  boolean aboveMin() default false;

  /** Whether a list may have no items. */
  boolean mayBeEmpty() default false;
}
