package io.ottla.console.records;

import io.ottla.console.access.Visit;
import io.ottla.console.clusters.BorrowedConsumer;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Fetching;
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
 * Hands on records as they come, within the limits of who reads them; people and programs have the same few places. Ends when
 * nobody takes them any more and when the console stops. Thread-safe.
 */
final class Tail {
    static final int MOST_AT_ONCE = 6;

    private static final int LOOKED_A_SECOND = 5000;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /**
     * How much somebody takes.
     *
     * @param rowsASecond further ones are counted and left out; those of a reader who takes all that come wait until he does
     * @param most in all
     */
    record Limits(int rowsASecond, int most, Duration longest) {
        /** What can be read on a page while it comes. */
        static final Limits OF_PAGE = new Limits(20, 2000, Duration.ofMinutes(10));

        boolean takesAll() {
            return rowsASecond == Integer.MAX_VALUE;
        }
    }

    /** Why it ended. */
    enum End {
        /** As many as there may be. */
        RECORDS,
        TIME,
        /** The console stops. */
        CLOSING
    }

    /**
     * How it went.
     *
     * @param shown records that were handed on
     * @param offline partitions that could not be followed, since they had no leader
     */
    record Outcome(End end, int shown, List<Integer> offline) {}

    /** Takes what comes. */
    interface Reader {
        /**
         * Called at the beginning, then once a second at least.
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
     * Follows a topic until it ends by itself, from where the query says.
     *
     * @throws IOException where nobody reads any more
     */
    Outcome follow(Visit visit, String topic, RecordQuery query, Limits limits, Reader reader) throws IOException {
        RecordReading reading = browser.reading(visit, topic, query.keyFormat(), query.valueFormat());
        List<Integer> offline = new ArrayList<>();
        List<TopicPartition> partitions = RecordBrowser.partitions(visit.topic(topic), query, offline);
        if (partitions.size() > RecordBrowser.MOST_PARTITIONS) {
            throw new ClusterFailure(
                    ClusterFailure.Reason.REFUSED,
                    Wording.of("records.too-many-partitions", partitions.size(), RecordBrowser.MOST_PARTITIONS));
        }
        if (!places.tryAcquire()) {
            throw new ClusterFailure(
                    ClusterFailure.Reason.BUSY, Wording.of("records.tail.full", Integer.toString(MOST_AT_ONCE)));
        }
        try (BorrowedConsumer consumer =
                visit.cluster().consumer(Fetching.following(partitions.size(), query.committedOnly()))) {
            Map<Integer, Long> starts = starts(consumer, partitions, query);
            consumer.ask(Wording.of("doing.records"), client -> {
                client.assign(partitions);
                partitions.forEach(partition -> client.seek(partition, starts.get(partition.partition())));
                return null;
            });
            reader.rows(List.of(), 0);
            long until = System.nanoTime() + limits.longest().toNanos();
            int shown = 0;
            while (!stopped) {
                shown += second(consumer, reading, query.filter(), limits, until, limits.most() - shown, reader);
                if (shown >= limits.most()) {
                    return new Outcome(End.RECORDS, shown, offline);
                }
                if (System.nanoTime() >= until) {
                    return new Outcome(End.TIME, shown, offline);
                }
            }
            return new Outcome(End.CLOSING, shown, offline);
        } finally {
            places.release();
        }
    }

    /** What is behind a cursor, of partitions that it does not know from their first record on: they had none then. */
    private static Map<Integer, Long> starts(
            BorrowedConsumer consumer, List<TopicPartition> partitions, RecordQuery query) {
        Map<Integer, Long> starts = query.cursor() == null
                ? Range.ends(consumer, partitions)
                : RecordBrowser.byPartition(
                        consumer.ask(Wording.of("doing.offsets"), client -> client.beginningOffsets(partitions)));
        if (query.cursor() != null || query.from() != RecordQuery.From.NEWEST) {
            starts.putAll(Range.of(consumer, partitions, query).starts());
        }
        return starts;
    }

    /** Reads for a second, or until there are {@code most}; how many were handed on. */
    private static int second(
            BorrowedConsumer consumer,
            RecordReading reading,
            RecordFilter filter,
            Limits limits,
            long until,
            int most,
            Reader reader)
            throws IOException {
        long end = Math.min(until, System.nanoTime() + SECOND);
        List<RecordView> rows = new ArrayList<>();
        int shown = 0;
        int looked = 0;
        int left = 0;
        boolean paused = false;
        for (long now = System.nanoTime(); now < end && shown + rows.size() < most; now = System.nanoTime()) {
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
                    if (rows.size() < limits.rowsASecond() && shown + rows.size() < most) {
                        rows.add(view);
                    } else {
                        left++;
                    }
                }
            }
            if (limits.takesAll() && !rows.isEmpty()) {
                reader.rows(rows, 0);
                shown += rows.size();
                rows.clear();
            }
        }
        if (paused) {
            consumer.ask(Wording.of("doing.records"), client -> {
                client.resume(client.paused());
                return null;
            });
        }
        reader.rows(rows, left);
        return shown + rows.size();
    }
}
