package io.ottla.console.clusters;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * An Admin client of a cluster, made at first use: a console that nobody looks at holds no connection and no thread.
 *
 * <p>Thread-safe.
 */
final class AdminConnection implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final ClientConnection connection;
    private final String id;
    private final Function<Map<String, Object>, Admin> client;
    private final ReentrantLock lock = new ReentrantLock();
    private Admin admin;
    private boolean closed;

    /**
     * @param id what it calls itself
     * @param client makes one of its settings
     */
    AdminConnection(ClientConnection connection, String id, Function<Map<String, Object>, Admin> client) {
        this.connection = connection;
        this.id = id;
        this.client = client;
    }

    Admin admin() {
        lock.lock();
        try {
            if (closed) {
                throw ClientConnection.closing();
            }
            if (admin == null) {
                admin = connect();
            }
            return admin;
        } finally {
            lock.unlock();
        }
    }

    private Admin connect() {
        return connection.connect(
                Map.of(
                        AdminClientConfig.CLIENT_ID_CONFIG,
                        id,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        Math.toIntExact(connection.timeout().toMillis())),
                client);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (admin != null) {
                admin.close(CLOSE);
                admin = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
