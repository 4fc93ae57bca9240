package io.ottla.chaos.workload;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction of a producer, from its begin to its end, with what its client can know of it: nothing of it counts before a
 * commit is asked for, all of it once that is acknowledged, and nothing where it was aborted with success instead.
 */
final class Transaction {
    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);
    private static final int MOST_PADDING = 500;
    private static final int COMMITS = 6;
    private static final long ANSWERS_S = 30;

    /** How its client means to end it. */
    enum Ending {
        COMMIT,
        /** With the sends' answers first. */
        FLUSH_AND_COMMIT,
        ABORT,
        /** The client is thrown away. */
        DISCARD,
        /** The client is thrown away while it commits. */
        COMMIT_AND_DISCARD;

        static Ending draw(Random random) {
            return switch (random.nextInt(10)) {
                case 0 -> ABORT;
                case 1, 2, 3, 4 -> FLUSH_AND_COMMIT;
                default -> COMMIT;
            };
        }

        static Ending drawLast(Random random) {
            return switch (random.nextInt(4)) {
                case 0 -> DISCARD;
                case 1 -> COMMIT_AND_DISCARD;
                default -> draw(random);
            };
        }
    }

    private final Recorder recorder;
    private final String transactionalId;
    private final long client;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Random random;
    private final long startUs;
    private final List<Step> steps = new ArrayList<>();
    private final List<LogName> targets;
    private final Step.Send[] sends;
    private final CountDownLatch answers;
    private Map<TopicPartition, OffsetAndMetadata> offsets = Map.of();
    private ConsumerGroupMetadata group;
    private Outcome outcome = Outcome.REFUSED;

    /** @param targets what is sent to, a value for each */
    Transaction(
            Recorder recorder,
            String transactionalId,
            long client,
            KafkaProducer<byte[], byte[]> producer,
            Random random,
            long startUs,
            List<LogName> targets) {
        this.recorder = recorder;
        this.transactionalId = transactionalId;
        this.client = client;
        this.producer = producer;
        this.random = random;
        this.startUs = startUs;
        this.targets = targets;
        sends = new Step.Send[targets.size()];
        answers = new CountDownLatch(sends.length);
    }

    /** A group's member has read this, and its group's offsets move with the transaction. */
    void copies(Step.Poll poll, Step.Offsets moved, ConsumerGroupMetadata metadata) {
        steps.add(poll);
        steps.add(moved);
        offsets = new HashMap<>();
        moved.positions()
                .forEach(each -> offsets.put(
                        new TopicPartition(each.log().topic(), each.log().partition()),
                        new OffsetAndMetadata(each.offset())));
        group = metadata;
    }

    Outcome outcome() {
        return outcome;
    }

    /**
     * Does it all.
     *
     * @param amidMs how long it is left open in its midst
     * @return whether the producer can go on
     */
    boolean run(Ending ending, long amidMs) {
        boolean usable = false;
        try {
            producer.beginTransaction();
            for (int i = 0; i < sends.length; i++) {
                if (i == sends.length / 2) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(amidMs));
                }
                send(i, targets.get(i), recorder.newValue());
            }
            if (!offsets.isEmpty()) {
                producer.sendOffsetsToTransaction(offsets, group);
            }
            usable = end(ending);
        } catch (KafkaException | IllegalStateException e) {
            LOG.info("A transaction of {} did not come to its end by {}: {}", transactionalId, ending, e.toString());
            usable = isAborted(e);
        } finally {
            note();
        }
        return usable;
    }

    private boolean end(Ending ending) {
        switch (ending) {
            case ABORT -> producer.abortTransaction();
            case DISCARD -> {
                if (random.nextBoolean()) {
                    producer.flush();
                }
                producer.close(Duration.ZERO);
            }
            case COMMIT -> commit();
            case FLUSH_AND_COMMIT -> {
                producer.flush();
                commit();
            }
            case COMMIT_AND_DISCARD -> {
                long afterUs = random.nextInt(80_000);
                Thread.ofVirtual().start(() -> {
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(afterUs));
                    producer.close(Duration.ZERO);
                });
                commit();
            }
        }
        return ending != Ending.DISCARD && ending != Ending.COMMIT_AND_DISCARD;
    }

    private void commit() {
        outcome = Outcome.UNKNOWN;
        for (int left = COMMITS; ; left--) {
            try {
                producer.commitTransaction();
                outcome = Outcome.DONE;
                recorder.committed(transactionalId);
                return;
            } catch (TimeoutException notYet) {
                if (left == 1) {
                    throw notYet;
                }
            }
        }
    }

    /**
     * Tries to, as programs do. Where that comes to a good end the commit that was asked for was none, and never will be: a
     * coordinator that has committed aborts nothing more.
     */
    private boolean isAborted(RuntimeException why) {
        if (why instanceof TimeoutException && outcome == Outcome.UNKNOWN) {
            return false;
        }
        try {
            producer.abortTransaction();
            outcome = Outcome.REFUSED;
            return true;
        } catch (KafkaException | IllegalStateException e) {
            LOG.info("A transaction of {} could not be aborted: {}", transactionalId, e.toString());
            return false;
        }
    }

    private void send(int index, LogName log, long value) {
        byte[] payload = Payload.of(value, random.nextInt(MOST_PADDING));
        answered(index, new Step.Send(log, value, Outcome.UNKNOWN, Step.UNTOLD, Step.UNTOLD), false);
        producer.send(new ProducerRecord<>(log.topic(), log.partition(), null, payload), (metadata, failure) -> {
            Step.Send send = failure == null
                    ? new Step.Send(log, value, Outcome.DONE, metadata.offset(), recorder.nowUs())
                    : new Step.Send(log, value, Outcome.UNKNOWN, Step.UNTOLD, Step.UNTOLD);
            answered(index, send, true);
        });
    }

    private void answered(int index, Step.Send send, boolean told) {
        synchronized (sends) {
            sends[index] = send;
        }
        if (told) {
            answers.countDown();
        }
    }

    /** Takes it down; what was not sent is no part of it. */
    private void note() {
        synchronized (sends) {
            for (Step.Send send : sends) {
                if (send == null) {
                    answers.countDown();
                }
            }
        }
        try {
            if (!answers.await(ANSWERS_S, TimeUnit.SECONDS)) {
                LOG.info("Not all sends of a transaction of {} were answered", transactionalId);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("Expected nobody to interrupt a client", e);
        }
        synchronized (sends) {
            for (Step.Send send : sends) {
                if (send != null) {
                    steps.add(send);
                }
            }
        }
        recorder.did(client, startUs, new Action.Transaction(outcome, steps));
    }
}
