package io.ottla.chaos.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the processes are started. */
public interface Launcher {
    /** A command line, and what is in its environment beside what we have. */
    record Command(List<String> line, Map<String, String> environment) {}

    /** A broker with this configuration. The process that is started has to be the broker's own, or become it. */
    Command broker(Path properties, List<String> jvmOptions);

    /**
     * A ZooKeeper with this configuration.
     *
     * @param logging for Logback
     */
    Command zooKeeper(Path configuration, Path logging);

    /**
     * As {@code bin/ottla} starts it, from a layout.
     *
     * @param layout where ottla.jar is, with its libraries in lib
     */
    static Launcher ottla(Path program, Path layout, Path java) {
        return new Launcher() {
            @Override
            public Command broker(Path properties, List<String> jvmOptions) {
                return new Command(
                        List.of(program.toString(), "server", properties.toString()),
                        Map.of(
                                "OTTLA_HOME", layout.toString(),
                                "KAFKA_HEAP_OPTS", "-Xms128M -Xmx384M",
                                "OTTLA_OPTS", String.join(" ", jvmOptions)));
            }

            @Override
            public Command zooKeeper(Path configuration, Path logging) {
                return new Command(zooKeeperOn(java, layout.resolve("lib") + "/*", configuration, logging), Map.of());
            }
        };
    }

    /** With all that it needs on one class path. */
    static Launcher classPath(Path java, String classPath, String mainClass, List<String> options) {
        return new Launcher() {
            @Override
            public Command broker(Path properties, List<String> jvmOptions) {
                List<String> line = new ArrayList<>(List.of(java.toString()));
                line.addAll(options);
                line.addAll(jvmOptions);
                line.addAll(List.of("-cp", classPath, mainClass, "server", properties.toString()));
                return new Command(line, Map.of());
            }

            @Override
            public Command zooKeeper(Path configuration, Path logging) {
                return new Command(zooKeeperOn(java, classPath, configuration, logging), Map.of());
            }
        };
    }

    private static List<String> zooKeeperOn(Path java, String classPath, Path configuration, Path logging) {
        return List.of(
                java.toString(),
                "-Xmx128M",
                "-XX:+UseSerialGC",
                "-Dzookeeper.admin.enableServer=false",
                "-Dlogback.configurationFile=" + logging,
                "-cp",
                classPath,
                "org.apache.zookeeper.server.ZooKeeperServerMain",
                configuration.toString());
    }
}
