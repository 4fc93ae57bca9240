package io.ottla.chaos.workload;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
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

    @Override
    void live() {
        long client = recorder.newClient();
        Rebalances rebalances = new Rebalances();
        var consumer = newConsumer(client, memberOf(group, protocol));
        try {
            long startUs = recorder.nowUs();
            consumer.subscribe(topics, rebalances);
            recorder.did(client, startUs, new Action.Subscribe(group, topics));
            for (int polls = 30 + random.nextInt(200); polls > 0 && !isOver(); polls--) {
                poll(consumer, client, rebalances);
                if (random.nextInt(3) == 0) {
                    commit(consumer, client, rebalances);
                }
            }
        } finally {
            end(consumer, client);
        }
    }

    /** Where it is in those partitions that it has read of since they were given to it. */
    private void commit(KafkaConsumer<byte[], byte[]> consumer, long client, Rebalances rebalances) {
        List<Position> positions = rebalances.positions();
        if (positions.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach(each -> offsets.put(
                new TopicPartition(each.log().topic(), each.log().partition()), new OffsetAndMetadata(each.offset())));
        long startUs = recorder.nowUs();
        try {
            consumer.commitSync(offsets);
            recorder.did(client, startUs, new Action.Commit(positions));
        } catch (CommitFailedException | RebalanceInProgressException | RetriableException notCommitted) {
            LOG.info("Not committed: {}", notCommitted.toString());
        }
    }
}
