package io.ottla.console.records;

import io.ottla.console.access.Visit;
import io.ottla.console.clusters.BorrowedConsumer;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.words.Wording;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Hands on records as they come: once a second at most {@link #ROWS_A_SECOND}, of {@link #MOST_ROWS} in all and for
 * {@link #LONGEST}; so many watch at once. Ends when nobody takes them any more and when the console stops. Thread-safe.
 */
final class Tail {
    static final int ROWS_A_SECOND = 20;
    static final int MOST_ROWS = 2000;
    static final Duration LONGEST = Duration.ofMinutes(10);
    static final int MOST_AT_ONCE = 6;

    private static final int LOOKED_A_SECOND = 5000;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Takes what comes. */
    interface Reader {
        /**
         * Called about once a second.
         *
         * @param rows the newest last; may be none
         * @param left records that were let through but are not among the rows
         * @throws IOException where nobody reads any more
         */
        void rows(List<RecordView> rows, int left) throws IOException;
    }

    private final RecordBrowser browser;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private volatile boolean stopped;

    Tail(RecordBrowser browser) {
        this.browser = browser;
    }

    /** Ends all that run, within a second. */
    void stop() {
        stopped = true;
    }

    /**
     * Follows a topic until it ends by itself.
     *
     * @return why it ended, for people
     * @throws IOException where nobody reads any more
     */
    Wording follow(Visit visit, String topic, RecordQuery query, Reader reader) throws IOException {
        RecordReading reading = browser.reading(visit, topic, query.keyFormat(), query.valueFormat());
        List<TopicPartition> partitions = RecordBrowser.partitions(visit.topic(topic), query, new ArrayList<>());
        if (partitions.size() > RecordBrowser.MOST_PARTITIONS) {
            throw new ClusterFailure(
                    ClusterFailure.Reason.REFUSED,
                    Wording.of("records.too-many-partitions", partitions.size(), RecordBrowser.MOST_PARTITIONS));
        }
        if (!places.tryAcquire()) {
            throw new ClusterFailure(
                    ClusterFailure.Reason.BUSY, Wording.of("records.tail.full", Integer.toString(MOST_AT_ONCE)));
        }
        try (BorrowedConsumer consumer = visit.cluster().consumer(query.committedOnly())) {
            Map<Integer, Long> ends = Range.ends(consumer, partitions);
            consumer.ask(Wording.of("doing.records"), client -> {
                client.assign(partitions);
                partitions.forEach(partition -> client.seek(partition, ends.get(partition.partition())));
                return null;
            });
            reader.rows(List.of(), 0);
            return follow(consumer, reading, query.filter(), reader);
        } finally {
            places.release();
        }
    }

    private Wording follow(BorrowedConsumer consumer, RecordReading reading, RecordFilter filter, Reader reader)
            throws IOException {
        long until = System.nanoTime() + LONGEST.toNanos();
        int shown = 0;
        while (!stopped) {
            List<RecordView> rows = new ArrayList<>();
            int left = second(consumer, reading, filter, rows);
            shown += rows.size();
            reader.rows(rows, left);
            if (shown >= MOST_ROWS) {
                return Wording.of("records.tail.rows", shown);
            }
            if (System.nanoTime() >= until) {
                return Wording.of("records.tail.time", LONGEST.toMinutes());
            }
        }
        return Wording.of("failure.closing");
    }

    /** Reads for a second; how many were let through beyond what is shown. */
    private static int second(
            BorrowedConsumer consumer, RecordReading reading, RecordFilter filter, List<RecordView> rows) {
        long end = System.nanoTime() + SECOND;
        int looked = 0;
        int left = 0;
        boolean paused = false;
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            Duration rest = Duration.ofNanos(end - now);
            boolean enough = looked >= LOOKED_A_SECOND;
            if (enough && !paused) {
                paused = true;
                consumer.ask(Wording.of("doing.records"), client -> {
                    client.pause(client.assignment());
                    return null;
                });
            }
            ConsumerRecords<byte[], byte[]> polled =
                    consumer.ask(Wording.of("doing.records"), client -> client.poll(rest));
            for (ConsumerRecord<byte[], byte[]> record : polled) {
                looked++;
                RecordView view = reading.read(record);
                if (view != null && filter.matches(view)) {
                    if (rows.size() < ROWS_A_SECOND) {
                        rows.add(view);
                    } else {
                        left++;
                    }
                }
            }
        }
        if (paused) {
            consumer.ask(Wording.of("doing.records"), client -> {
                client.resume(client.paused());
                return null;
            });
        }
        return left;
    }
}
