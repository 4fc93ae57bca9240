package io.ottla.chaos.workload;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.LogName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * Writes transactions, each to several partitions; most are committed, some aborted, some left open until their time is over; it is
 * thrown away amid the last one now and then. Its successor has the same transactional id. Where two have the same at a time
 * each fences the other off.
 */
final class TransactionalProducer extends Client {
    private static final int MOST_SENDS = 8;

    private final String id;
    private final String bootstrap;
    private final List<LogName> logs;
    private final Recorder recorder;
    private final long pauseMs;
    private final long betweenLivesMs;

    /** @param betweenLivesMs for how long, in the mean, there is none: time for another one of the same id */
    TransactionalProducer(
            String name,
            long seed,
            String id,
            String bootstrap,
            List<LogName> logs,
            Recorder recorder,
            long pauseMs,
            long betweenLivesMs) {
        super(name, seed);
        this.id = id;
        this.bootstrap = bootstrap;
        this.logs = logs;
        this.recorder = recorder;
        this.pauseMs = pauseMs;
        this.betweenLivesMs = betweenLivesMs;
    }

    @Override
    void live() {
        long client = recorder.newClient();
        KafkaProducer<byte[], byte[]> producer = TransactionalIds.take(bootstrap, id, client, this::isOver);
        if (producer == null) {
            return;
        }
        try {
            boolean usable = true;
            for (int left = 5 + random.nextInt(200); left > 0 && usable && !isOver(); left--) {
                Transaction.Ending ending =
                        left == 1 ? Transaction.Ending.drawLast(random) : Transaction.Ending.draw(random);
                usable = newTransaction(client, producer).run(ending, amidMs());
                pause(1 + random.nextLong(pauseMs * 4));
            }
            if (usable && isOver()) {
                // So that there is something whose time has to be over.
                newTransaction(client, producer).run(Transaction.Ending.DISCARD, 0);
            }
        } finally {
            producer.close(Duration.ZERO);
            recorder.did(client, recorder.nowUs(), new Action.Crash());
        }
        pause(random.nextLong(betweenLivesMs * 2));
    }

    private Transaction newTransaction(long client, KafkaProducer<byte[], byte[]> producer) {
        List<LogName> targets = new ArrayList<>();
        for (int i = 1 + random.nextInt(MOST_SENDS); i > 0; i--) {
            targets.add(logs.get(random.nextInt(logs.size())));
        }
        return new Transaction(recorder, id, client, producer, random, recorder.nowUs(), targets);
    }

    private long amidMs() {
        return switch (random.nextInt(200)) {
            case 0 -> TransactionalIds.TIMEOUT_MS + 2_000;
            case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 -> random.nextInt(3_000);
            default -> random.nextInt(30);
        };
    }
}
