package io.ottla.chaos.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The ZooKeeper. */
public final class ZooKeeperNode {
    private static final Duration START = Duration.ofMinutes(5);

    private static final String LOGGING = """
            <configuration>
                <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %logger{0}: %msg%n</pattern></encoder>
                </appender>
                <root level="WARN"><appender-ref ref="console"/></root>
            </configuration>
            """;

    private final Daemon daemon;
    private final Launcher.Command command;
    private final Network network;
    private final int number;
    private final InetSocketAddress address;

    ZooKeeperNode(Daemon daemon, Launcher.Command command, Network network, int number, int port) {
        this.daemon = daemon;
        this.command = command;
        this.network = network;
        this.number = number;
        this.address = new InetSocketAddress("127.0.0.1", port);
    }

    /** At the loopback address alone: at others there are proxies. */
    static Launcher.Command command(Launcher launcher, int port, Path folder) throws IOException {
        Path configuration = Files.write(
                folder.resolve("zookeeper.properties"),
                List.of(
                        "dataDir=" + folder.resolve("data"),
                        "clientPort=" + port,
                        "clientPortAddress=127.0.0.1",
                        "maxClientCnxns=0",
                        "admin.enableServer=false"));
        Path logging = Files.writeString(folder.resolve("logback.xml"), LOGGING);
        return launcher.zooKeeper(configuration, logging);
    }

    public void start() throws IOException, InterruptedException {
        daemon.start(command, Map.of(), () -> Cluster.look(network, number));
        network.expect(number, daemon::isAlive);
        if (!Conditions.await(START, () -> Probe.ZOOKEEPER.isAnswered(address, Duration.ofSeconds(1)))) {
            throw new IOException(
                    "Expected ZooKeeper to answer at " + address + " within " + START + "; see " + daemon.output());
        }
        network.lookAt(number);
    }

    public void kill() throws InterruptedException {
        daemon.kill();
    }

    public boolean isAlive() {
        return daemon.isAlive();
    }

    public void pause() throws IOException, InterruptedException {
        daemon.signal("STOP");
    }

    public void resume() throws IOException, InterruptedException {
        daemon.signal("CONT");
    }

    public String state() throws IOException {
        return daemon.state();
    }

    public boolean answers(Duration patience) {
        return Probe.ZOOKEEPER.isAnswered(address, patience);
    }
}
