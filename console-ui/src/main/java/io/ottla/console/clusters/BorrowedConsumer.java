package io.ottla.console.clusters;

import io.ottla.console.words.Wording;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * A consumer for a short while: assigned by hand, in no group, committing nothing. For the thread that borrowed it, which
 * closes it.
 */
public final class BorrowedConsumer implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final Failures failures;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param whenClosed run once, whatever happens while it closes */
    public BorrowedConsumer(Consumer<byte[], byte[]> consumer, Failures failures, Runnable whenClosed) {
        this.consumer = consumer;
        this.failures = failures;
        this.whenClosed = whenClosed;
    }

    /**
     * Asks it something. An interrupt of the thread ends that.
     *
     * @param doing what was asked, such as "Reading records"
     * @throws ClusterFailure whatever the consumer threw, as a sentence
     */
    public <T> T ask(Wording doing, Function<Consumer<byte[], byte[]>, T> work) {
        try {
            return work.apply(consumer);
        } catch (InterruptException interrupted) {
            throw failures.interrupted(doing, new InterruptedException(interrupted.getMessage()));
        } catch (WakeupException closing) {
            throw ClientConnection.closing();
        } catch (KafkaException | IllegalStateException failure) {
            throw failures.translated(failure, doing);
        }
    }

    /** Ends what it is asked, from any thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        // A thread that was interrupted would not let the consumer say goodbye.
        boolean interrupted = Thread.interrupted();
        try {
            consumer.close(CloseOptions.timeout(CLOSE));
        } catch (KafkaException late) {
            // It is of no use any more, and its sockets are closed.
        } finally {
            whenClosed.run();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
