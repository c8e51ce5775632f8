package org.millrace.runners;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.millrace.pipelines.recipe.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: the verbs, and what becomes of errors. */
@Command(
    name = "millrace",
    versionProvider = CommandTree.Version.class,
    header = "Turns raw text into token shards to train language models on.",
    synopsisSubcommandLabel = "VERB",
    description = "%nFirst: @|bold millrace run quickstart|@",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nVerbs:%n",
    footer = {
      "",
      "millrace VERB --help explains a verb. Exit status: 0 done, 1 failed, 2 wrong command line,",
      "recipe or environment, 3 too many bad records (nothing is sealed)."
    })
@SuppressWarnings("UnusedVariable") // The fields of options are for picocli alone.
final class CommandTree implements Runnable {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  private boolean version;

  @Option(
      names = "--debug",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show stack traces of errors; so does MILLRACE_DEBUG=1.")
  private boolean debug;

  @Spec private CommandSpec spec;

  private CommandTree() {}

  static CommandLine of(Terminal terminal) {
    CommandLine line =
        new CommandLine(new CommandTree())
            .addSubcommand(new RunCommand(terminal))
            .addSubcommand(new ListCommand(terminal))
            .addSubcommand(new ShowCommand(terminal))
            .addSubcommand(new VerifyCommand(terminal))
            .addSubcommand(new InspectCommand(terminal))
            .addSubcommand(new ConvertCommand(terminal))
            .addSubcommand(new RepairCommand(terminal));
    // What is not known here may be an option of Beam.
    line.getSubcommands().get("run").setUnmatchedArgumentsAllowed(true);
    return line.setOut(writer(terminal.out()))
        .setErr(writer(terminal.err()))
        .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF))
        .setUsageHelpLongOptionsMaxWidth(30)
        .setUsageHelpWidth(Math.max(60, Math.min(100, terminal.columns())))
        .setParameterExceptionHandler((e, args) -> refuse(e, terminal))
        .setExecutionExceptionHandler((e, command, parsed) -> report(e, parsed, terminal));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /** Without a verb there is nothing to do but to say what there is. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which verb? " + verbs(spec.commandLine()));
  }

  private static int refuse(ParameterException e, Terminal terminal) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String message = e.getMessage();
    if (e instanceof UnmatchedArgumentException unmatched) {
      message = unknown(unmatched.getUnmatched().get(0), command);
    }
    terminal.err().printf("%s: %s%n%s --help explains it.%n", name, message, name);
    return ExitStatus.USAGE;
  }

  private static String unknown(String argument, CommandLine command) {
    if (argument.startsWith("-")) {
      String name = argument.replaceFirst("=.*", "");
      return "there is no option "
          + name
          + meant(name, command.getCommandSpec().optionsMap().keySet());
    }
    if (command.getSubcommands().isEmpty()) {
      return "the argument " + argument + " is one too many";
    }
    return "there is no verb "
        + argument
        + meant(argument, command.getSubcommands().keySet())
        + "; "
        + verbs(command);
  }

  static String meant(String given, Collection<String> names) {
    return Nearest.to(given, names).map(near -> "; did you mean " + near + "?").orElse("");
  }

  private static String verbs(CommandLine root) {
    return "verbs are " + String.join(", ", root.getSubcommands().keySet());
  }

  private static int report(Exception e, ParseResult parsed, Terminal terminal) {
    boolean debug = parsed.expandedArgs().contains("--debug");
    return ErrorReport.of(e).print(terminal.withDebug(debug));
  }

  /** The version of the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = CommandTree.class.getPackage().getImplementationVersion();
      return new String[] {"millrace " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
