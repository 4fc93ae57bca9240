package io.ottla.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.VoidDeserializer;
import org.apache.kafka.common.serialization.VoidSerializer;

/**
 * How long a cluster of three takes no acknowledged writes when a broker dies, and how long a broker that comes back needs
 * until it is in sync; the work of {@code bench/failover.sh}. Knows brokers by their command lines and Kafka's protocol
 * alone, so that it measures any broker of that protocol.
 *
 * <p>{@code Failover FILE TRIES KIND...}, FILE as {@link BrokerProcess#read} takes it. Kinds: {@code leader}, {@code follower}, {@code controller}, {@code
 * both} (a broker that leads and is the controller), each by kill -9 under a steady producer; {@code stopped} (SIGSTOP of
 * a leader, and a producer that is made after it and waits no longer than half a second for each answer). Each try has a topic of its own with three replicas and
 * min.insync.replicas=2; at its end all that was acknowledged must be there, once and in order.
 *
 * <p>Milliseconds: {@code ack}, from the signal to the first acknowledgement of a record that was sent after it (acks=all);
 * {@code rejoin}, from the launch of the killed broker until it is in the in-sync set again.
 */
final class Failover {
    private static final long BETWEEN_RECORDS_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Map<Integer, BrokerProcess> nodes;
    private int topics;

    private Failover(Map<Integer, BrokerProcess> nodes) {
        this.nodes = nodes;
    }

    public static void main(String[] arguments) throws Exception {
        Path logs = Files.createTempDirectory("failover");
        System.err.println("logs of the brokers: " + logs);
        Failover failover = new Failover(BrokerProcess.read(Path.of(arguments[0]), logs));
        try {
            for (BrokerProcess node : failover.nodes.values()) {
                node.launch();
            }
            failover.awaitAll();
            for (String kind : List.of(arguments).subList(2, arguments.length)) {
                failover.measure(kind, Integer.parseInt(arguments[1]));
            }
        } finally {
            for (BrokerProcess node : failover.nodes.values()) {
                node.kill();
                node.awaitEnd();
            }
        }
    }

    private void measure(String kind, int tries) throws Exception {
        List<Long> acks = new ArrayList<>();
        List<Long> rejoins = new ArrayList<>();
        long wrong = 0;
        for (int i = 0; i < tries; i++) {
            Try one = new Try(kind);
            one.run();
            acks.add(one.ackMs);
            rejoins.add(one.rejoinMs);
            wrong += one.wrong;
            System.err.println(kind + " ack=" + one.ackMs + " rejoin=" + one.rejoinMs + " acknowledged="
                    + one.acknowledged + " wrong=" + one.wrong);
        }
        acks.sort(null);
        rejoins.sort(null);
        System.out.println("{\"kind\":\"" + kind + "\",\"tries\":" + tries + ",\"ack_ms\":" + median(acks)
                + ",\"ack_worst_ms\":" + acks.getLast() + ",\"rejoin_ms\":" + median(rejoins) + ",\"rejoin_worst_ms\":"
                + rejoins.getLast() + ",\"wrong\":" + wrong + "}");
    }

    private static long median(List<Long> sorted) {
        return sorted.get((sorted.size() - 1) / 2);
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", BrokerProcess.bootstrap(nodes, Set.of()), "default.api.timeout.ms", 120_000));
    }

    private void awaitAll() throws Exception {
        try (Admin admin = admin()) {
            Conditions.await("all brokers", () -> admin.describeCluster().nodes().get().size() == nodes.size());
        }
    }

    /** One kill. */
    private final class Try {
        private final String kind;
        private final String topic = "failover-" + ++topics + "-" + Long.toString(System.nanoTime(), 36);
        private final ConcurrentLinkedQueue<Long> acknowledgedValues = new ConcurrentLinkedQueue<>();
        private final AtomicLong firstAckNs = new AtomicLong();
        private volatile long killedNs;
        private volatile boolean over;
        private long ackMs;
        private long rejoinMs;
        private long acknowledged;
        private long wrong;

        Try(String kind) {
            this.kind = kind;
        }

        void run() throws Exception {
            try (Admin admin = admin()) {
                awaitAll();
                int controller = admin.describeCluster().controller().get().id();
                List<Integer> others = new ArrayList<>(nodes.keySet());
                others.remove(Integer.valueOf(controller));
                List<Integer> replicas = switch (kind) {
                    case "both" -> List.of(controller, others.get(0), others.get(1));
                    case "controller", "leader", "stopped" -> List.of(others.get(0), others.get(1), controller);
                    case "follower" -> List.of(controller, others.get(0), others.get(1));
                    default -> throw new IllegalArgumentException("No kind " + kind);
                };
                BrokerProcess victim = nodes.get(
                        switch (kind) {
                            case "follower" -> replicas.get(1);
                            case "controller" -> controller;
                            default -> replicas.get(0);
                        });
                admin.createTopics(List.of(
                                new NewTopic(topic, Map.of(0, replicas)).configs(Map.of("min.insync.replicas", "2"))))
                        .all()
                        .get();
                Conditions.await("three in sync", () -> inSync(admin).size() == 3);
                disturb(victim);
                rejoin(admin, victim);
            }
            check();
        }

        private void disturb(BrokerProcess victim) throws Exception {
            boolean fresh = kind.equals("stopped");
            Thread writer = null;
            if (!fresh) {
                writer = Thread.ofPlatform().start(() -> write(Set.of()));
                Conditions.await("a steady flow", () -> acknowledgedValues.size() > 200);
                victim.signal("0"); // so that the tool itself is warm
                killedNs = System.nanoTime();
                victim.kill();
            } else {
                victim.signal("STOP");
                killedNs = System.nanoTime();
                writer = Thread.ofPlatform().start(() -> write(Set.of(victim.id)));
            }
            Conditions.await("an acknowledgement", () -> firstAckNs.get() != 0);
            ackMs = TimeUnit.NANOSECONDS.toMillis(firstAckNs.get() - killedNs);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            over = true;
            writer.join();
        }

        private void write(Set<Integer> without) {
            Map<String, Object> settings = new HashMap<>(Map.of(
                    "bootstrap.servers",
                    BrokerProcess.bootstrap(nodes, without),
                    "acks",
                    "all",
                    "linger.ms",
                    0,
                    "delivery.timeout.ms",
                    120_000));
            if (!without.isEmpty()) {
                // A stopped process's connections stay open: what was sent on one is given up soon, and asked for anew.
                settings.put("request.timeout.ms", 500);
            }
            try (var producer = new KafkaProducer<>(settings, new VoidSerializer(), new LongSerializer())) {
                for (long value = 0; !over; value++) {
                    long sent = value;
                    long sentNs = System.nanoTime();
                    producer.send(new ProducerRecord<>(topic, 0, null, value), (metadata, failure) -> {
                        if (failure == null) {
                            acknowledgedValues.add(sent);
                            if (killedNs != 0 && sentNs - killedNs > 0) {
                                firstAckNs.compareAndSet(0, System.nanoTime());
                            }
                        }
                    });
                    LockSupport.parkNanos(BETWEEN_RECORDS_NS);
                }
            }
        }

        private void rejoin(Admin admin, BrokerProcess victim) throws Exception {
            long launchedNs = System.nanoTime();
            if (kind.equals("stopped")) {
                victim.signal("CONT");
            } else {
                victim.awaitEnd();
                victim.launch();
            }
            Conditions.await("three in sync again", () -> inSync(admin).size() == 3);
            rejoinMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - launchedNs);
        }

        private Set<Integer> inSync(Admin admin) throws Exception {
            TopicDescription description =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            Set<Integer> ids = new HashSet<>();
            for (TopicPartitionInfo partition : description.partitions()) {
                partition.isr().forEach(node -> ids.add(node.id()));
            }
            return ids;
        }

        /** Everything acknowledged is there once, and what is there is in order. */
        private void check() {
            Map<Long, Integer> found = new HashMap<>();
            long before = -1;
            Map<String, Object> settings =
                    Map.of("bootstrap.servers", BrokerProcess.bootstrap(nodes, Set.of()), "auto.offset.reset", "earliest");
            try (var consumer = new KafkaConsumer<>(settings, new VoidDeserializer(), new LongDeserializer())) {
                TopicPartition partition = new TopicPartition(topic, 0);
                consumer.assign(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                while (consumer.position(partition) < end) {
                    for (ConsumerRecord<?, Long> record : consumer.poll(Duration.ofSeconds(1))) {
                        wrong += record.value() <= before ? 1 : 0;
                        before = record.value();
                        found.merge(record.value(), 1, Integer::sum);
                    }
                }
            }
            acknowledged = acknowledgedValues.size();
            for (Long value : acknowledgedValues) {
                wrong += found.getOrDefault(value, 0) == 1 ? 0 : 1;
            }
        }
    }
}
