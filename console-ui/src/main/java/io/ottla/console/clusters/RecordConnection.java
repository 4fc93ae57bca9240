package io.ottla.console.clusters;

import io.ottla.console.words.Wording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What reads and writes records of a cluster: consumers that live as long as somebody looks, at most {@link #MOST} at once,
 * and one producer, made when somebody first writes.
 *
 * <p>Thread-safe.
 */
final class RecordConnection implements AutoCloseable {
    static final int MOST = 12;

    private static final Duration WAIT_FOR_PLACE = Duration.ofSeconds(2);
    private static final Duration CLOSE = Duration.ofSeconds(1);
    private static final long KEPT_BY_THE_PRODUCER = 8L << 20;

    private final ClientConnection connection;
    private final Failures failures;
    private final Semaphore places = new Semaphore(MOST);
    private final Set<BorrowedConsumer> borrowed = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private Producer<byte[], byte[]> producer;
    private volatile boolean closed;

    RecordConnection(ClientConnection connection, Failures failures) {
        this.connection = connection;
        this.failures = failures;
    }

    BorrowedConsumer consumer(Fetching wanted) {
        takePlace();
        BorrowedConsumer[] made = new BorrowedConsumer[1];
        try {
            made[0] = new BorrowedConsumer(
                    connection.connect(
                            reading(wanted),
                            settings -> new KafkaConsumer<>(
                                    settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())),
                    failures,
                    () -> {
                        borrowed.remove(made[0]);
                        places.release();
                    });
        } catch (ClusterFailure unusable) {
            places.release();
            throw unusable;
        }
        borrowed.add(made[0]);
        if (closed) {
            made[0].close();
            throw ClientConnection.closing();
        }
        return made[0];
    }

    private void takePlace() {
        if (closed) {
            throw ClientConnection.closing();
        }
        try {
            if (!places.tryAcquire(WAIT_FOR_PLACE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ClusterFailure(
                        ClusterFailure.Reason.BUSY, Wording.of("failure.too-many-readers", Integer.toString(MOST)));
            }
        } catch (InterruptedException interrupted) {
            throw failures.interrupted(Wording.of("doing.records"), interrupted);
        }
    }

    private Map<String, Object> reading(Fetching wanted) {
        Map<String, Object> settings = new HashMap<>(wanted.settings());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Where the log was cut meanwhile, what is left of it is read.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(connection.timeout().toMillis()));
        return settings;
    }

    /** Hands all of them over before it waits for the first, in a bounded time for all. */
    List<Written> write(List<ProducerRecord<byte[], byte[]>> records) {
        Wording doing = Wording.of("doing.produce");
        Producer<byte[], byte[]> to = producer();
        List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
        List<Written> written = new ArrayList<>(records.size());
        for (ProducerRecord<byte[], byte[]> record : records) {
            try {
                sent.add(to.send(record));
            } catch (InterruptException interrupted) {
                throw failures.interrupted(doing, new InterruptedException(interrupted.getMessage()));
            } catch (KafkaException | IllegalStateException refused) {
                sent.add(java.util.concurrent.CompletableFuture.failedFuture(refused));
            }
        }
        long deadline = System.nanoTime() + connection.timeout().toNanos() * 2;
        for (Future<RecordMetadata> each : sent) {
            written.add(await(each, deadline - System.nanoTime(), doing));
        }
        return written;
    }

    private Written await(Future<RecordMetadata> sent, long nanos, Wording doing) {
        try {
            return new Written.Done(sent.get(Math.max(1, nanos), TimeUnit.NANOSECONDS));
        } catch (ExecutionException failed) {
            return new Written.Refused(failures.translated(failed, doing));
        } catch (TimeoutException late) {
            return new Written.Refused(failures.noAnswer(doing, late));
        } catch (InterruptedException interrupted) {
            throw failures.interrupted(doing, interrupted);
        }
    }

    private Producer<byte[], byte[]> producer() {
        lock.lock();
        try {
            if (closed) {
                throw ClientConnection.closing();
            }
            if (producer == null) {
                int timeout = Math.toIntExact(connection.timeout().toMillis());
                producer = connection.connect(
                        Map.of(
                                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                timeout,
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                timeout,
                                ProducerConfig.LINGER_MS_CONFIG,
                                0,
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                ProducerConfig.BUFFER_MEMORY_CONFIG,
                                KEPT_BY_THE_PRODUCER),
                        settings ->
                                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
            }
            return producer;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        borrowed.forEach(BorrowedConsumer::wakeUp);
        lock.lock();
        try {
            if (producer != null) {
                producer.close(CLOSE);
                producer = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
