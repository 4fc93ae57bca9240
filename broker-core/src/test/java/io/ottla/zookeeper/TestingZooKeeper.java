package io.ottla.zookeeper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** A real ZooKeeper server in this process, on a free port of the loopback address. */
public final class TestingZooKeeper implements AutoCloseable {
    private static final int TICK_MS = 100;

    private final Path folder;
    private int port;
    private ZooKeeperServer server;
    private NIOServerCnxnFactory connections;

    /** Runs until it is closed, in a folder that then goes too. */
    public TestingZooKeeper() {
        try {
            folder = Files.createTempDirectory("zookeeper");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    public void start() {
        try {
            server = new ZooKeeperServer(folder.toFile(), folder.toFile(), TICK_MS);
            server.setMinSessionTimeout(100);
            server.setMaxSessionTimeout(60_000);
            connections = new NIOServerCnxnFactory();
            connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100, 100);
            connections.startup(server);
            port = connections.getLocalPort();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The server goes away with everything it has kept on disk; {@link #start} brings it back on the same port. */
    public void stop() {
        connections.shutdown();
        server.shutdown();
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** Ends a session as the server does when it has heard nothing for too long. */
    public void expire(long sessionId) {
        server.closeSession(sessionId);
    }

    /** Cuts every connection; sessions live on. */
    public void cutConnections() {
        connections.closeAll(org.apache.zookeeper.server.ServerCnxn.DisconnectReason.CONNECTION_CLOSE_FORCED);
    }

    public boolean hasNode(String path) {
        return server.getZKDatabase().getNode(path) != null;
    }

    /** Names of a node's children. */
    public Set<String> children(String path) {
        return Set.copyOf(server.getZKDatabase().getNode(path).getChildren());
    }

    /** What is in a node; null for nothing. */
    public String data(String path) {
        byte[] data = server.getZKDatabase().getNode(path).getData();
        return data == null ? null : new String(data, StandardCharsets.UTF_8);
    }

    /** Writes a node that is there, as an operator does. */
    public void write(String path, String data) throws Exception {
        ZooKeeper operator = new ZooKeeper(address(), 10_000, event -> {});
        try {
            operator.setData(path, data.getBytes(StandardCharsets.UTF_8), -1);
        } finally {
            operator.close();
        }
    }

    public int sessions() {
        return server.getZKDatabase().getSessions().size();
    }

    @Override
    public void close() {
        stop();
        try {
            delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
