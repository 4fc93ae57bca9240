package io.ottla.chaos.workload;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * An idempotent producer with acks=all. An operation is a burst of sends to partitions drawn for each, and ends when each has its
 * answer; now and then the producer is thrown away in the midst of one.
 */
final class ProducerClient extends Client {
    private static final int MOST_SENDS = 8;
    private static final int MOST_PADDING = 2_000;
    private static final List<String> COMPRESSIONS = List.of("none", "lz4", "zstd", "snappy", "gzip");

    private final String bootstrap;
    private final List<LogName> logs;
    private final Recorder recorder;
    private final long pauseMs;

    ProducerClient(String name, long seed, String bootstrap, List<LogName> logs, Recorder recorder, long pauseMs) {
        super(name, seed);
        this.bootstrap = bootstrap;
        this.logs = logs;
        this.recorder = recorder;
        this.pauseMs = pauseMs;
    }

    private Map<String, Object> settings(long client) {
        return Map.of(
                "bootstrap.servers",
                bootstrap,
                "client.id",
                "producer-" + client,
                "acks",
                "all",
                "enable.idempotence",
                true,
                "linger.ms",
                random.nextInt(6),
                "compression.type",
                COMPRESSIONS.get(random.nextInt(COMPRESSIONS.size())),
                "max.block.ms",
                5_000,
                "request.timeout.ms",
                3_000,
                "delivery.timeout.ms",
                15_000,
                "reconnect.backoff.max.ms",
                500);
    }

    @Override
    void live() {
        long client = recorder.newClient();
        boolean crashes = random.nextInt(3) == 0;
        int operations = 50 + random.nextInt(1_000);
        var producer = new KafkaProducer<>(settings(client), new ByteArraySerializer(), new ByteArraySerializer());
        try {
            for (int i = 0; i < operations && !isOver(); i++) {
                Burst burst = new Burst(client);
                burst.send(producer);
                if (crashes && i == operations - 1) {
                    producer.close(Duration.ZERO);
                }
                burst.await();
                pause(1 + random.nextLong(pauseMs * 2));
            }
        } finally {
            producer.close(Duration.ofSeconds(20));
            recorder.did(client, recorder.nowUs(), new Action.Crash());
        }
    }

    /** One operation. */
    private final class Burst {
        private final long client;
        private final long startUs = recorder.nowUs();
        private final Step.Send[] sends = new Step.Send[1 + random.nextInt(MOST_SENDS)];
        /** Read and written by the client's own thread alone. */
        private boolean handingOver;

        private final CountDownLatch answers = new CountDownLatch(sends.length);

        Burst(long client) {
            this.client = client;
        }

        void send(KafkaProducer<byte[], byte[]> producer) {
            LogName log = draw();
            for (int i = 0; i < sends.length; i++) {
                log = random.nextInt(3) == 0 ? draw() : log;
                send(producer, i, log, recorder.newValue());
            }
        }

        private LogName draw() {
            return logs.get(random.nextInt(logs.size()));
        }

        /** What is refused before it is in the producer's hands is refused within this call, and never gets anywhere. */
        private void send(KafkaProducer<byte[], byte[]> producer, int index, LogName log, long value) {
            Thread sender = Thread.currentThread();
            handingOver = true;
            byte[] payload = Payload.of(value, random.nextInt(MOST_PADDING));
            try {
                producer.send(
                        new ProducerRecord<>(log.topic(), log.partition(), null, payload), (metadata, failure) -> {
                            if (failure == null) {
                                recorder.acknowledged(log, value);
                                answered(
                                        index,
                                        new Step.Send(log, value, Outcome.DONE, metadata.offset(), recorder.nowUs()));
                            } else {
                                Outcome outcome = Thread.currentThread().equals(sender) && handingOver
                                        ? Outcome.REFUSED
                                        : Outcome.UNKNOWN;
                                answered(index, new Step.Send(log, value, outcome, Step.UNTOLD, Step.UNTOLD));
                            }
                        });
            } catch (RuntimeException thrown) {
                answered(index, new Step.Send(log, value, Outcome.UNKNOWN, Step.UNTOLD, Step.UNTOLD));
            } finally {
                handingOver = false;
            }
        }

        private void answered(int index, Step.Send send) {
            synchronized (sends) {
                if (sends[index] != null) {
                    return;
                }
                sends[index] = send;
            }
            answers.countDown();
        }

        void await() {
            try {
                answers.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("Expected nobody to interrupt a client", e);
            }
            List<Step> steps;
            synchronized (sends) {
                steps = new ArrayList<>(List.of(sends));
            }
            recorder.did(client, startUs, new Action.Work(steps));
        }
    }
}
