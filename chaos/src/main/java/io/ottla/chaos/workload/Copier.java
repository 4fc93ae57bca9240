package io.ottla.chaos.workload;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Position;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/**
 * A member of a group that writes a record for each that it reads, in transactions with which its group's offsets move. A transaction has
 * one poll, since after another one its partitions may be somebody else's. Where it was aborted the member goes back to where
 * its group is.
 */
final class Copier extends ReaderClient {
    private static final int FEW = 50;

    private final String id;
    private final String topic;
    private final List<LogName> targets;
    private final String group;
    private final String protocol;

    /** @param topic that it reads, and that none of the targets is of */
    Copier(
            String id,
            long seed,
            String bootstrap,
            String topic,
            List<LogName> targets,
            String group,
            String protocol,
            Recorder recorder) {
        super(id, seed, bootstrap, recorder);
        this.id = id;
        this.topic = topic;
        this.targets = targets;
        this.group = group;
        this.protocol = protocol;
    }

    @Override
    void live() {
        long client = recorder.newClient();
        KafkaProducer<byte[], byte[]> producer = TransactionalIds.take(bootstrap, id, client, this::isOver);
        if (producer == null) {
            return;
        }
        Map<String, Object> settings = new TreeMap<>(memberOf(group, protocol));
        settings.put("max.poll.records", FEW);
        var consumer = newConsumer(client, settings);
        try {
            copy(client, consumer, producer);
        } finally {
            producer.close(Duration.ZERO);
            end(consumer, client);
        }
    }

    private void copy(long client, KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
        Rebalances rebalances = new Rebalances();
        long startUs = recorder.nowUs();
        consumer.subscribe(List.of(topic), rebalances);
        recorder.did(client, startUs, new Action.Subscribe(group, List.of(topic)));
        boolean usable = true;
        for (int left = 20 + random.nextInt(200); left > 0 && usable && !isOver(); left--) {
            startUs = recorder.nowUs();
            Step.Poll poll = pollOnce(consumer, rebalances);
            ConsumerGroupMetadata metadata = consumer.groupMetadata();
            if (poll.reads().isEmpty() || metadata.generationId() < 0) {
                if (!poll.rebalances().isEmpty() || !poll.reads().isEmpty()) {
                    recorder.did(client, startUs, new Action.Work(List.of(poll)));
                }
                // What was read as no member any more is another one's.
                usable = poll.reads().isEmpty();
                continue;
            }
            Transaction transaction = new Transaction(
                    recorder,
                    id,
                    client,
                    producer,
                    random,
                    startUs,
                    targetsOf(poll.reads().size()));
            transaction.copies(poll, new Step.Offsets(group, behind(poll.reads())), metadata);
            usable = transaction.run(
                    left == 1 ? Transaction.Ending.drawLast(random) : Transaction.Ending.draw(random),
                    random.nextInt(20) == 0 ? random.nextInt(2_000) : 0);
            if (usable && transaction.outcome() != Outcome.DONE) {
                goBack(consumer);
            }
        }
    }

    private List<LogName> targetsOf(int count) {
        List<LogName> drawn = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            drawn.add(targets.get(random.nextInt(targets.size())));
        }
        return drawn;
    }

    private static List<Position> behind(List<Read> reads) {
        Map<LogName, Long> next = new TreeMap<>();
        reads.forEach(read -> next.put(read.log(), read.offset() + 1));
        return next.entrySet().stream()
                .map(each -> new Position(each.getKey(), each.getValue()))
                .toList();
    }

    /** To where its group is, which it is told once no transaction is open that moves it. */
    private static void goBack(KafkaConsumer<byte[], byte[]> consumer) {
        Set<TopicPartition> own = consumer.assignment();
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(own);
        for (TopicPartition each : own) {
            OffsetAndMetadata offset = committed.get(each);
            consumer.seek(each, offset == null ? 0 : offset.offset());
        }
    }
}
