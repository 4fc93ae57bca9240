package io.ottla.chaos.workload;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Position;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Rebalance;
import io.ottla.chaos.history.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer, by assignment or in a group; what it polls is an operation of one to three polls. */
abstract class ReaderClient extends Client {
    private static final Duration POLL = Duration.ofMillis(300);

    final String bootstrap;
    final Recorder recorder;

    ReaderClient(String name, long seed, String bootstrap, Recorder recorder) {
        super(name, seed);
        this.bootstrap = bootstrap;
        this.recorder = recorder;
    }

    /** @param more on top */
    KafkaConsumer<byte[], byte[]> newConsumer(long client, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                bootstrap,
                "client.id",
                "consumer-" + client,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false,
                "isolation.level",
                "read_committed",
                "request.timeout.ms",
                5_000,
                "default.api.timeout.ms",
                10_000,
                "max.poll.records",
                500,
                "reconnect.backoff.max.ms",
                500));
        settings.putAll(more);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** @param protocol classic or consumer */
    Map<String, Object> memberOf(String group, String protocol) {
        return protocol.equals("consumer")
                ? Map.of("group.id", group, "group.protocol", protocol)
                : Map.of(
                        "group.id",
                        group,
                        "group.protocol",
                        protocol,
                        "session.timeout.ms",
                        10_000,
                        "heartbeat.interval.ms",
                        1_000,
                        "partition.assignment.strategy",
                        "org.apache.kafka.clients.consumer."
                                + (random.nextBoolean() ? "CooperativeStickyAssignor" : "RangeAssignor")
                                + ",org.apache.kafka.clients.consumer.RangeAssignor");
    }

    /** Polls once to three times, and takes it down where anything came of it. */
    void poll(KafkaConsumer<byte[], byte[]> consumer, long client, Rebalances rebalances) {
        long startUs = recorder.nowUs();
        List<Step> steps = new ArrayList<>();
        try {
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                Step.Poll poll = pollOnce(consumer, rebalances);
                if (!poll.reads().isEmpty() || !poll.rebalances().isEmpty()) {
                    steps.add(poll);
                }
            }
        } finally {
            if (!steps.isEmpty()) {
                recorder.did(client, startUs, new Action.Work(steps));
            }
        }
    }

    static Step.Poll pollOnce(KafkaConsumer<byte[], byte[]> consumer, Rebalances rebalances) {
        List<Read> reads = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            reads.add(new Read(
                    new LogName(record.topic(), record.partition()), record.offset(), Payload.value(record.value())));
        }
        return new Step.Poll(rebalances.take(reads), reads);
    }

    /** Ends a consumer's life, in order or at once. */
    void end(KafkaConsumer<byte[], byte[]> consumer, long client) {
        boolean orderly = random.nextBoolean();
        consumer.close(CloseOptions.timeout(orderly ? Duration.ofSeconds(5) : Duration.ZERO)
                .withGroupMembershipOperation(
                        orderly
                                ? CloseOptions.GroupMembershipOperation.DEFAULT
                                : CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
        recorder.did(client, recorder.nowUs(), new Action.Crash());
    }

    /** Takes down what a consumer is told during a poll, on its thread, and where it is since. */
    static final class Rebalances implements ConsumerRebalanceListener {
        private final List<Rebalance> told = new ArrayList<>();
        private final Map<LogName, Long> next = new TreeMap<>();

        /** @param reads what the poll gave when it had told that */
        private List<Rebalance> take(List<Read> reads) {
            List<Rebalance> taken = List.copyOf(told);
            told.clear();
            reads.forEach(read -> next.put(read.log(), read.offset() + 1));
            return taken;
        }

        /** In the partitions that it has read of since it was told that it has them. */
        List<Position> positions() {
            return next.entrySet().stream()
                    .map(each -> new Position(each.getKey(), each.getValue()))
                    .toList();
        }

        private void tell(Rebalance.Change change, Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                List<LogName> logs = partitions.stream()
                        .map(each -> new LogName(each.topic(), each.partition()))
                        .sorted()
                        .toList();
                logs.forEach(next::remove);
                told.add(new Rebalance(change, logs));
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            tell(Rebalance.Change.ASSIGNED, partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            tell(Rebalance.Change.REVOKED, partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            tell(Rebalance.Change.LOST, partitions);
        }
    }
}
