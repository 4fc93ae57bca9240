package io.ottla.app.command;

import io.ottla.app.process.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ottla}: what can be asked of the process. */
@Command(
        name = "ottla",
        description = "A message broker that speaks Kafka's protocol.",
        mixinStandardHelpOptions = true,
        versionProvider = OttlaCommand.Versions.class)
public final class OttlaCommand implements Runnable {
    /** No exit code: the process goes on until it is stopped. */
    public static final int RUNNING = -1;

    @Spec
    private CommandSpec spec;

    /** What {@code --version} says. */
    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Ottla " + Version.current() + " on Java " + Runtime.version()};
        }
    }

    private OttlaCommand() {}

    /**
     * Does what the arguments say.
     *
     * @param application the Spring application to start for {@code server}
     * @param brokers makes the broker for it
     * @return {@link #RUNNING}, or the exit code: 0 done, 1 can't start, 2 not understood
     */
    public static int run(Class<?> application, BrokerFactory brokers, String... arguments) {
        return new CommandLine(new OttlaCommand())
                .addSubcommand(new ServerCommand(application, brokers))
                .execute(arguments);
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Expected a command, but there is none.");
    }
}
