package io.ottla.chaos.workload;

import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes producers that have a transactional id, and with it are the only one. */
final class TransactionalIds {
    static final int TIMEOUT_MS = 10_000;

    private TransactionalIds() {}

    /** One that is ready, or null where it was told to stop before. */
    static KafkaProducer<byte[], byte[]> take(String bootstrap, String id, long client, BooleanSupplier isOver) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "client.id",
                        "transactional-" + client,
                        "transactional.id",
                        id,
                        "transaction.timeout.ms",
                        TIMEOUT_MS,
                        "max.block.ms",
                        5_000,
                        "request.timeout.ms",
                        3_000,
                        "delivery.timeout.ms",
                        8_000,
                        "reconnect.backoff.max.ms",
                        500),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        boolean ready = false;
        try {
            while (!ready && !isOver.getAsBoolean()) {
                try {
                    producer.initTransactions();
                    ready = true;
                } catch (TimeoutException notYet) {
                    // Asked again, as it may be.
                }
            }
        } finally {
            if (!ready) {
                producer.close(Duration.ZERO);
            }
        }
        return ready ? producer : null;
    }
}
