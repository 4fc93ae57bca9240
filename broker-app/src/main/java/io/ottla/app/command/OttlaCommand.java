package io.ottla.app.command;

import io.ottla.app.process.Version;

/** {@code ottla}: what can be asked of the process. */
public final class OttlaCommand {
    /** No exit code: the process goes on until it is stopped. */
    public static final int RUNNING = -1;

    static final int DONE = 0;
    static final int REFUSED = 1;

    private OttlaCommand() {}

    /**
     * Does what the arguments say.
     *
     * @param application the Spring application to start for {@code server}
     * @param brokers makes the broker for it
     * @return {@link #RUNNING}, or the exit code: 0 done, 1 can't start, or not understood
     */
    public static int run(Class<?> application, BrokerFactory brokers, String... arguments) {
        return switch (Arguments.parse(arguments)) {
            case Arguments.Help(String usage) -> {
                System.out.print(usage);
                yield DONE;
            }
            case Arguments.ShowVersion() -> {
                System.out.println("Ottla " + Version.current() + " on Java " + Runtime.version());
                yield DONE;
            }
            case Arguments.Misunderstood(String why, String usage) -> {
                System.err.println(why);
                System.err.print(usage);
                yield REFUSED;
            }
            case Arguments.ZooKeeper zooKeeper -> new ZooKeeperCommand(zooKeeper).run();
            case Arguments.Server server -> new ServerCommand(application, brokers, server).run();
        };
    }
}
