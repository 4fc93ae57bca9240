package io.ottla.app.command;

import io.ottla.app.zookeeper.EnsembleServer;
import java.io.IOException;

/** {@code ottla zookeeper}: runs a server of ZooKeeper in the foreground, for clusters that have no other. */
final class ZooKeeperCommand {
    /** Where logging is set up without Spring. */
    private static final String LOGGING = "logback.configurationFile";

    private final Arguments.ZooKeeper asked;

    ZooKeeperCommand(Arguments.ZooKeeper asked) {
        this.asked = asked;
    }

    /** Returns the exit code, when it is over. */
    int run() {
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "logback-zookeeper.xml");
        }
        try {
            new EnsembleServer(asked.file()).run();
            return OttlaCommand.DONE;
        } catch (IOException refused) {
            System.err.println(refused.getMessage());
            return OttlaCommand.REFUSED;
        }
    }
}
