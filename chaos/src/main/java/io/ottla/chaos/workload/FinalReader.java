package io.ottla.chaos.workload;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.LogName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads everything from the beginning, when all is healed and nobody writes any more. */
public final class FinalReader extends ReaderClient {
    private final List<LogName> logs;
    private final Duration patience;
    private final Map<LogName, Long> behind = new TreeMap<>();

    public FinalReader(long seed, String bootstrap, List<LogName> logs, Recorder recorder, Duration patience) {
        super("final-reader", seed, bootstrap, recorder);
        this.logs = logs;
        this.patience = patience;
    }

    /** @return which logs it did not get to the end of, and where it was then */
    public Map<LogName, Long> read() {
        live();
        return behind;
    }

    @Override
    void live() {
        long client = recorder.newClient();
        Rebalances none = new Rebalances();
        List<TopicPartition> partitions = logs.stream()
                .map(log -> new TopicPartition(log.topic(), log.partition()))
                .toList();
        long untilNs = System.nanoTime() + patience.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer = newConsumer(client, Map.of())) {
            long startUs = recorder.nowUs();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            recorder.did(client, startUs, new Action.Assign(logs, true));
            do {
                poll(consumer, client, none);
                look(consumer, partitions);
            } while (!behind.isEmpty() && System.nanoTime() - untilNs < 0);
        }
    }

    private void look(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        behind.clear();
        try {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            for (TopicPartition each : partitions) {
                long position = consumer.position(each);
                if (position < ends.get(each)) {
                    behind.put(new LogName(each.topic(), each.partition()), position);
                }
            }
        } catch (KafkaException nobodyAnswers) {
            logs.forEach(log -> behind.put(log, -1L));
        }
    }
}
