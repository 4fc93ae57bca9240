package io.ottla.chaos.workload;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.LogName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Takes partitions as it likes, sometimes from their beginning, and others after a while. */
final class AssignedReader extends ReaderClient {
    private final List<LogName> logs;

    AssignedReader(String name, long seed, String bootstrap, List<LogName> logs, Recorder recorder) {
        super(name, seed, bootstrap, recorder);
        this.logs = logs;
    }

    @Override
    void live() {
        long client = recorder.newClient();
        Rebalances none = new Rebalances();
        var consumer = newConsumer(client, Map.of());
        try {
            for (int assignments = 1 + random.nextInt(4); assignments > 0 && !isOver(); assignments--) {
                List<LogName> chosen = new ArrayList<>(logs);
                Collections.shuffle(chosen, random);
                chosen = chosen.subList(0, 1 + random.nextInt(chosen.size()));
                boolean fromBeginning = random.nextInt(4) == 0;
                List<TopicPartition> partitions = chosen.stream()
                        .map(log -> new TopicPartition(log.topic(), log.partition()))
                        .toList();
                long startUs = recorder.nowUs();
                consumer.assign(partitions);
                if (fromBeginning) {
                    consumer.seekToBeginning(partitions);
                }
                recorder.did(client, startUs, new Action.Assign(chosen, fromBeginning));
                for (int polls = 20 + random.nextInt(100); polls > 0 && !isOver(); polls--) {
                    poll(consumer, client, none);
                    pause(random.nextInt(200));
                }
            }
        } finally {
            end(consumer, client);
        }
    }
}
