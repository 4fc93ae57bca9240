package io.ottla.console.clusters;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * The one Admin client of a cluster, made at first use: a console that nobody looks at holds no connection and no
 * thread.
 *
 * <p>Thread-safe.
 */
final class AdminConnection implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final ClientConnection connection;
    private final ReentrantLock lock = new ReentrantLock();
    private Admin admin;
    private boolean closed;

    AdminConnection(ClientConnection connection) {
        this.connection = connection;
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
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        Math.toIntExact(connection.timeout().toMillis())),
                Admin::create);
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
