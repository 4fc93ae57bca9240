package io.ottla.chaos;

import io.ottla.chaos.checker.Checker;
import io.ottla.chaos.checker.Judgement;
import io.ottla.chaos.cluster.Launcher;
import io.ottla.chaos.fault.FaultKind;
import io.ottla.chaos.fault.Skipped;
import io.ottla.chaos.history.HistoryJson;
import io.ottla.chaos.workload.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bin/chaos}: runs a cluster under faults and judges what its clients saw, or judges a history again. */
@Command(
        name = "bin/chaos",
        sortOptions = false,
        usageHelpWidth = 120,
        description = {
            "Runs three brokers beside a ZooKeeper, with producers and consumers, under faults that come one after the other, "
                    + "and judges what the clients were told against what they read.",
            ""
        },
        footer = {
            "",
            "Ends with 0 where nothing was found, with 1 where something was, and with 2 where it could not run. What was found is kept: "
                    + "the histories of all rounds, and what all processes printed."
        })
public final class ChaosMain implements Callable<Integer> {
    private static final String OTTLA = "ottla.program";
    private static final String LAYOUT = "ottla.layout";

    @Option(
            names = "--hours",
            paramLabel = "H",
            defaultValue = "0.1",
            description = "For how long; the last round is finished. Default: ${DEFAULT-VALUE}.")
    private double hours;

    @Option(
            names = "--fault",
            paramLabel = "KIND",
            split = ",",
            converter = Kinds.class,
            description = "Only these kinds of faults, separated by commas. Default: all. See --list.")
    private List<FaultKind> faults = List.of(FaultKind.values());

    @Option(names = "--list", description = "Lists the kinds of faults, and says of each that can't be had here why.")
    private boolean list;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "Of the draws of clients and faults; what comes of them is up to the machine. Default: another each time.")
    private long seed = new Random().nextInt(1_000_000);

    @Option(
            names = "--round-minutes",
            paramLabel = "M",
            defaultValue = "5",
            description =
                    "For how long faults come until everything is healed, read and judged. Default: ${DEFAULT-VALUE}.")
    private double roundMinutes;

    @Option(
            names = "--fault-seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long a fault lasts, in the mean. Default: ${DEFAULT-VALUE}.")
    private double faultSeconds;

    @Option(
            names = "--calm-seconds",
            paramLabel = "N",
            defaultValue = "6",
            description = "How long there is none between two, in the mean. Default: ${DEFAULT-VALUE}.")
    private double calmSeconds;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "Runs in this folder, which must be empty or absent, and keeps everything, whatever is found.")
    private Path keep;

    @Option(names = "--judge", paramLabel = "FILE", description = "Runs nothing: judges this history.")
    private Path judge;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this.")
    @SuppressWarnings("unused") // Picocli asks it.
    private boolean help;

    private ChaosMain() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new ChaosMain()).setExecutionExceptionHandler((e, line, _) -> {
            if (!(e instanceof IOException
                    || e instanceof IllegalArgumentException
                    || e instanceof HistoryJson.BadHistoryException)) {
                throw e;
            }
            line.getErr().println(text(e));
            return CommandLine.ExitCode.USAGE;
        });
    }

    private static String text(Exception e) {
        return e instanceof NoSuchFileException absent
                ? "Expected a file " + absent.getFile() + ", but there is none"
                : e.getMessage();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (list) {
            return listKinds();
        }
        return judge != null ? judgeAgain() : run();
    }

    private int listKinds() throws InterruptedException {
        for (FaultKind kind : FaultKind.values()) {
            Optional<String> why = Skipped.why(kind);
            print(String.format(
                    "%-18s %s%s%n",
                    kind,
                    kind.meaning(),
                    why.map(text -> " (SKIPPED here: " + text + ")").orElse("")));
        }
        return CommandLine.ExitCode.OK;
    }

    private int judgeAgain() throws IOException {
        Judgement judgement = Checker.judge(HistoryJson.read(judge));
        Report report = new Report();
        report.add(judgement);
        print(report.text(0));
        return judgement.isClean() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private int run() throws IOException, InterruptedException {
        require(hours > 0 && hours <= 10_000, "--hours between 0 and 10000", hours);
        require(
                roundMinutes > 0 && roundMinutes <= 60,
                "--round-minutes between 0 and 60: a round is held in memory",
                roundMinutes);
        require(faultSeconds > 0 && faultSeconds <= 600, "--fault-seconds between 0 and 600", faultSeconds);
        require(calmSeconds > 0 && calmSeconds <= 600, "--calm-seconds between 0 and 600", calmSeconds);
        List<FaultKind> possible = new ArrayList<>();
        for (FaultKind kind : faults) {
            Optional<String> why = Skipped.why(kind);
            if (why.isPresent()) {
                System.err.println("SKIPPED: " + kind + ": " + why.get());
            } else {
                possible.add(kind);
            }
        }
        require(!possible.isEmpty(), "a kind of fault that can be injected here", faults);
        boolean temporary = keep == null;
        Path folder = temporary ? Files.createTempDirectory("ottla-chaos-") : emptyFolder(keep);
        System.setProperty(
                "chaos.clients.log",
                folder.toAbsolutePath().resolve("clients.log").toString());
        Run run = new Run(
                launcher(),
                folder.toAbsolutePath(),
                possible,
                seed,
                new Round.Tempo(
                        Duration.ofMillis((long) (roundMinutes * TimeUnit.MINUTES.toMillis(1))),
                        1,
                        (long) (faultSeconds * 1_000),
                        (long) (calmSeconds * 1_000),
                        Workload.Size.USUAL),
                System.err::println);
        Report report = run.run(Duration.ofMillis((long) (hours * TimeUnit.HOURS.toMillis(1))), temporary);
        print(report.text(run.hours()));
        if (report.isClean() && temporary) {
            Run.deleteAll(folder);
        } else {
            print("Kept in " + folder + System.lineSeparator());
        }
        return report.isClean() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }

    private static void require(boolean holds, String what, Object got) {
        if (!holds) {
            throw new IllegalArgumentException("Expected " + what + ", but got " + got);
        }
    }

    private static Path emptyFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (var files = Files.list(folder)) {
            require(files.findAny().isEmpty(), "an empty folder for --keep", folder);
        }
        return folder;
    }

    private static Launcher launcher() {
        String program = System.getProperty(OTTLA);
        String layout = System.getProperty(LAYOUT);
        require(program != null && layout != null, "to be started by bin/chaos", Arrays.asList(program, layout));
        return Launcher.ottla(
                Path.of(program), Path.of(layout), Path.of(System.getProperty("java.home"), "bin", "java"));
    }

    /** So that picocli names the kinds as the option has them. */
    private static final class Kinds implements CommandLine.ITypeConverter<FaultKind> {
        @Override
        public FaultKind convert(String value) {
            try {
                return FaultKind.parse(value);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(e.getMessage());
            }
        }
    }
}
