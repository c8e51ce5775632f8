package org.millrace.runners;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Public and protected signatures show our own types, Java's and Beam's. */
final class OwnSignatures extends ArchCondition<JavaClass> {

  /** Types of other people that no user of ours is to meet. */
  private static final DescribedPredicate<JavaClass> FOREIGN =
      resideInAnyPackage(
          "ai.djl..",
          "com.aayushatharva..",
          "com.dynatrace..",
          "com.fasterxml..",
          "com.github.luben..",
          "com.google.common..",
          "org.apache.beam.vendor..",
          "org.apache.commons..",
          "org.apache.hadoop..",
          "org.apache.parquet..",
          "org.bouncycastle..",
          "org.xerial..");

  OwnSignatures() {
    super("have no foreign type in a public or protected signature");
  }

  @Override
  public void check(JavaClass each, ConditionEvents events) {
    Set<JavaClass> heading = new HashSet<>();
    each.getSuperclass().ifPresent(type -> heading.addAll(type.getAllInvolvedRawTypes()));
    each.getInterfaces().forEach(type -> heading.addAll(type.getAllInvolvedRawTypes()));
    report(each, each.getName() + " extends or implements", heading, events);
    for (JavaMember member : each.getMembers()) {
      if (member.getModifiers().contains(JavaModifier.PUBLIC)
          || member.getModifiers().contains(JavaModifier.PROTECTED)) {
        report(each, member.getFullName() + " shows", types(member), events);
      }
    }
  }

  private static Set<JavaClass> types(JavaMember member) {
    Set<JavaClass> types = new HashSet<>(member.getAllInvolvedRawTypes());
    if (member instanceof JavaCodeUnit unit) {
      List<? extends JavaType> thrown = unit.getExceptionTypes();
      thrown.forEach(type -> types.add(type.toErasure()));
    }
    return types;
  }

  private static void report(
      JavaClass owner, String what, Set<JavaClass> types, ConditionEvents events) {
    types.stream()
        .filter(FOREIGN)
        .forEach(
            type -> events.add(SimpleConditionEvent.violated(owner, what + " " + type.getName())));
  }
}
