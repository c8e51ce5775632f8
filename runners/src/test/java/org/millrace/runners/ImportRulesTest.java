package org.millrace.runners;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.sdk.transforms.PTransform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.shard.ShardIO;

/** What may use what, in the main code of all modules. */
class ImportRulesTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.millrace");

  private static final String TRANSFORMS = "org.millrace.transforms..";
  private static final String IO = "org.millrace.io..";

  @Test
  void allModulesAreLookedAt() {
    Set<String> modules =
        MAIN.stream().map(c -> c.getPackageName().split("[.]")[2]).collect(Collectors.toSet());
    Set<String> names = MAIN.stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());

    assertThat(modules, equalTo(Set.of("testing", "transforms", "io", "pipelines", "runners")));
    assertThat(names, hasItems("TokenIds", "ShardIO", "Pretrain", "Main"));
    assertThat(names.contains("ImportRulesTest"), equalTo(false));
  }

  @ParameterizedTest
  @CsvSource({
    "transforms, io pipelines runners",
    "io,         pipelines runners",
    "pipelines,  runners"
  })
  void noArrowLeadsBack(String module, String above) {
    String[] packages =
        Stream.of(above.split(" "))
            .map(name -> "org.millrace." + name + "..")
            .toArray(String[]::new);

    noClasses()
        .that()
        .resideInAPackage("org.millrace." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .because("the direction is runners, pipelines, io, transforms, Beam's core")
        .check(MAIN);
  }

  @Test
  void transformsKnowNoFormatsOfFiles() {
    noClasses()
        .that()
        .resideInAPackage(TRANSFORMS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.parquet..",
            "org.apache.hadoop..",
            "org.apache.commons.compress..",
            "com.github.luben..",
            "org.tukaani..",
            "org.xerial..",
            "java.util.zip..")
        .because("steps work on records; files and their formats are io's")
        .check(MAIN);
  }

  @Test
  void onlyRunnersKnowsARunner() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.millrace.runners..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.beam.runners..", "org.apache.flink..")
        .because("the same graph runs on every runner")
        .check(MAIN);
  }

  @Test
  void aPackageHasOneBeamFace() {
    TreeMap<String, Set<String>> faces = new TreeMap<>();
    for (JavaClass each : MAIN) {
      if (isPublic(each) && each.isAssignableTo(PTransform.class)) {
        faces
            .computeIfAbsent(each.getPackageName(), name -> new TreeSet<>())
            .add(topLevel(each).getSimpleName());
      }
    }

    assertThat(faces.get(ShardIO.class.getPackageName()), equalTo(Set.of("ShardIO")));
    faces.values().removeIf(names -> names.size() == 1);
    assertThat("packages with more than one", faces, equalTo(new TreeMap<>()));
  }

  @Test
  void publicSignaturesAreFreeOfForeignTypes() {
    classes()
        .that()
        .resideInAnyPackage(TRANSFORMS, IO, "org.millrace.pipelines..")
        .and(describe("are public", ImportRulesTest::isPublic))
        .should(new OwnSignatures())
        .check(MAIN);
  }

  @Test
  void nothingComesFromChanceOrTime() {
    noClasses()
        .that()
        .resideInAnyPackage(TRANSFORMS, IO)
        .should()
        .dependOnClassesThat(
            type(Random.class)
                .or(type(SplittableRandom.class))
                .or(type(SecureRandom.class))
                .or(type(Clock.class))
                .or(nameMatching("java\\.util\\.concurrent\\.ThreadLocalRandom"))
                .or(nameMatching("java\\.util\\.random\\..*")))
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethodWhere(
            describe(
                "a clock is read",
                call ->
                    call.getName().equals("now")
                        && call.getTargetOwner()
                            .getName()
                            .matches("(java|org\\.joda)\\.time\\..*")))
        .because("equal runs give equal bytes; chance is StableHash's, from the recipe's seed")
        .check(MAIN);
  }

  /**
   * The names of temporary files and folders, and of a block's element while it travels: none of
   * them reaches the output.
   */
  @Test
  void uniqueNamesAreMadeInFewPlaces() {
    noClasses()
        .that()
        .resideInAnyPackage(TRANSFORMS, IO)
        .and()
        .haveNameNotMatching(
            "org\\.millrace\\.(io\\.shard\\.DatasetFolder" + "|transforms\\.sort\\.BlockBuffer)")
        .should()
        .callMethod(UUID.class, "randomUUID")
        .because("a name that differs between equal runs must not reach the output")
        .check(MAIN);
  }

  @Test
  void nothingDependsOnTheMachinesLanguageOrCharset() {
    noClasses()
        .that()
        .resideInAnyPackage(TRANSFORMS, IO)
        .should()
        .callMethod(Locale.class, "getDefault")
        .orShould()
        .callMethod(Charset.class, "defaultCharset")
        .orShould()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .orShould()
        .callMethod(String.class, "getBytes")
        .orShould()
        .callConstructor(String.class, byte[].class)
        .orShould()
        .callConstructor(String.class, byte[].class, int.class, int.class)
        .orShould()
        .callConstructor(InputStreamReader.class, InputStream.class)
        .orShould()
        .callConstructor(OutputStreamWriter.class, OutputStream.class)
        .orShould()
        .callConstructor(PrintStream.class, OutputStream.class)
        .orShould()
        .dependOnClassesThat(type(FileReader.class).or(type(FileWriter.class)))
        .because("equal runs give equal bytes, whatever a worker is set to")
        .check(MAIN);
  }

  /** Left out are the errors that end a run: people read them, no output holds them. */
  @Test
  void whatReachesTheOutputIsFormattedInNoLanguage() {
    noClasses()
        .that(
            resideInAnyPackage("org.millrace.io.document", "org.millrace.io.failure")
                .or(nameMatching("org\\.millrace\\.io\\.shard\\.(ShardNaming|Manifest.*)"))
                .or(nameMatching("org\\.millrace\\.transforms\\.data\\..*"))
                .or(nameMatching(".*\\.(HuggingFaceTokenizer|UntokenizableTextException)")))
        .should()
        .callMethod(String.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "formatted", Object[].class)
        .because("they write the digits of the machine's language, use String.format(Locale.ROOT")
        .check(MAIN);
  }

  /**
   * Two pairs know each other on purpose: records tally themselves and a ledger's step puts out bad
   * records; the catalogue lists the pipelines, which implement its interfaces.
   */
  @Test
  void packagesFormNoCycles() {
    slices()
        .matching("org.millrace.(**)")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(
            resideInAPackage("org.millrace.transforms.data"),
            resideInAPackage("org.millrace.transforms.ledger"))
        .ignoreDependency(
            nameMatching("org\\.millrace\\.pipelines\\.Datasets"),
            resideInAPackage("org.millrace.pipelines.datasets"))
        .check(MAIN);
  }

  private static boolean isPublic(JavaClass each) {
    return each.getModifiers().contains(JavaModifier.PUBLIC)
        && each.getEnclosingClass().map(ImportRulesTest::isPublic).orElse(true);
  }

  private static JavaClass topLevel(JavaClass each) {
    return each.getEnclosingClass().map(ImportRulesTest::topLevel).orElse(each);
  }
}
