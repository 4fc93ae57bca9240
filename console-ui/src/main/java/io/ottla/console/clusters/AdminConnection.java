package io.ottla.console.clusters;

import io.ottla.console.words.Wording;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/**
 * The one Admin client of a cluster, made at first use: a console that nobody looks at holds no connection and no
 * thread.
 *
 * <p>Thread-safe.
 */
final class AdminConnection implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final Supplier<String> bootstrap;
    private final Map<String, String> clientSettings;
    private final Duration timeout;
    private final ReentrantLock lock = new ReentrantLock();
    private Admin admin;
    private boolean closed;

    /**
     * @param bootstrap asked at first use
     * @param clientSettings settings of Kafka's Admin client, such as {@code security.protocol}
     * @param timeout after which an unanswered call fails
     */
    AdminConnection(Supplier<String> bootstrap, Map<String, String> clientSettings, Duration timeout) {
        this.bootstrap = bootstrap;
        this.clientSettings = Map.copyOf(clientSettings);
        this.timeout = timeout;
    }

    Admin admin() {
        lock.lock();
        try {
            if (closed) {
                throw new ClusterFailure(ClusterFailure.Reason.NO_ANSWER, Wording.of("failure.closing"));
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
        String servers = bootstrap.get();
        try {
            return Admin.create(settings(servers));
        } catch (KafkaException unusable) {
            Throwable why = unusable.getCause() == null ? unusable : unusable.getCause();
            throw new ClusterFailure(
                    ClusterFailure.Reason.FAILED,
                    Wording.of("failure.unusable-settings", servers, String.valueOf(why.getMessage())),
                    unusable);
        }
    }

    private Map<String, Object> settings(String servers) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "ottla-console");
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis() / 2));
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis()));
        settings.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        settings.put(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        settings.putAll(clientSettings);
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        return settings;
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
