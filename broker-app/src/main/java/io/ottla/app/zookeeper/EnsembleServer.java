package io.ottla.app.zookeeper;

import io.ottla.storage.DiskReason;
import java.io.IOException;
import java.io.Reader;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.zookeeper.server.DatadirCleanupManager;
import org.apache.zookeeper.server.ServerConfig;
import org.apache.zookeeper.server.ZooKeeperServerMain;
import org.apache.zookeeper.server.admin.AdminServer.AdminServerException;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/**
 * One server of a ZooKeeper that is not the embedded one: alone, or a member of an ensemble. The file is ZooKeeper's own
 * ({@code zoo.cfg}), where {@code myid=N} may stand as well: it goes into the file of that name in {@code dataDir}, and has
 * to be what is there. There is no admin server.
 */
public final class EnsembleServer {
    private static final String ID = "myid";

    private final Path file;

    public EnsembleServer(Path file) {
        this.file = file;
    }

    /**
     * Serves until the process ends.
     *
     * @throws IOException with a sentence for the operator
     */
    public void run() throws IOException {
        System.setProperty("zookeeper.admin.enableServer", "false");
        Properties properties = read();
        String data = properties.getProperty("dataDir", "").strip();
        if (data.isEmpty()) {
            throw new IOException(file + ": Expected dataDir, the folder for its data, but it is not set.");
        }
        Path folder = Path.of(data);
        FolderLock lock = take(folder);
        try {
            identify(folder, properties);
            serve(parsed(properties));
        } catch (BindException taken) {
            throw new IOException(file + ": Expected to listen at its ports, but: " + taken.getMessage(), taken);
        } catch (AdminServerException impossible) {
            throw new IllegalStateException("Expected no admin server", impossible);
        } finally {
            lock.close();
        }
    }

    private Properties read() throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException("Expected a file of settings in " + file + ", but that failed: " + reason(e), e);
        }
        return properties;
    }

    private static String reason(Exception failure) {
        return failure instanceof IOException io ? DiskReason.of(io) : failure.getMessage();
    }

    private FolderLock take(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
            return FolderLock.take(folder);
        } catch (IOException e) {
            throw new IOException(
                    file + ": Expected to keep data in dataDir, " + folder + ", but that failed: " + DiskReason.of(e),
                    e);
        }
    }

    /** A folder keeps its number for good: votes are cast under it. */
    private void identify(Path folder, Properties properties) throws IOException {
        if (!(properties.remove(ID) instanceof String given)) {
            return;
        }
        Path kept = folder.resolve(ID);
        if (!Files.exists(kept)) {
            Files.writeString(kept, given.strip() + "\n");
            return;
        }
        String known = Files.readString(kept).strip();
        if (!known.equals(given.strip())) {
            throw new IOException(file + ": Expected myid=" + known + ", the number under which " + kept
                    + " knows this server, but it is " + given.strip() + ".");
        }
    }

    private QuorumPeerConfig parsed(Properties properties) throws IOException {
        QuorumPeerConfig config = new QuorumPeerConfig();
        try {
            config.parseProperties(properties);
        } catch (ConfigException | IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        return config;
    }

    private static void serve(QuorumPeerConfig config) throws IOException, AdminServerException {
        new DatadirCleanupManager(
                        config.getDataDir(),
                        config.getDataLogDir(),
                        config.getSnapRetainCount(),
                        config.getPurgeInterval())
                .start();
        if (config.isDistributed()) {
            new QuorumPeerMain().runFromConfig(config);
        } else {
            ServerConfig alone = new ServerConfig();
            alone.readFrom(config);
            new ZooKeeperServerMain().runFromConfig(alone);
        }
    }
}
