package io.ottla.chaos.workload;

import io.ottla.chaos.history.Action;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member of a group, which commits now and then. */
final class GroupReader extends ReaderClient {
    private static final Logger LOG = LoggerFactory.getLogger(GroupReader.class);

    private final List<String> topics;
    private final String group;
    private final String protocol;

    /** @param protocol of the group: classic or consumer */
    GroupReader(
            String name,
            long seed,
            String bootstrap,
            List<String> topics,
            String group,
            String protocol,
            Recorder recorder) {
        super(name, seed, bootstrap, recorder);
        this.topics = topics;
        this.group = group;
        this.protocol = protocol;
    }

    private Map<String, Object> settings() {
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

    @Override
    void live() {
        long client = recorder.newClient();
        Rebalances rebalances = new Rebalances();
        var consumer = newConsumer(client, settings());
        try {
            long startUs = recorder.nowUs();
            consumer.subscribe(topics, rebalances);
            recorder.did(client, startUs, new Action.Subscribe(group, topics));
            for (int polls = 30 + random.nextInt(200); polls > 0 && !isOver(); polls--) {
                poll(consumer, client, rebalances);
                if (random.nextInt(3) == 0) {
                    commit(consumer);
                }
            }
        } finally {
            end(consumer, client);
        }
    }

    private static void commit(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            consumer.commitSync();
        } catch (CommitFailedException | RebalanceInProgressException | RetriableException notCommitted) {
            LOG.info("Not committed: {}", notCommitted.toString());
        }
    }
}
