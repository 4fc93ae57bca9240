package io.ottla.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How fast a broker that was away fetches what it missed; the work of {@code bench/catch-up.sh}. Knows brokers by their
 * command lines and Kafka's protocol alone.
 *
 * <p>{@code CatchUp FILE MB PARTITIONS ROUNDS}, FILE as {@link BrokerProcess#read} takes it. A round kills the last broker of
 * the file, writes that much in records of a KiB, launches it again and looks at the sizes of its logs: {@code
 * mb_per_s} is over the time in which they grow, {@code in_sync_ms} since the launch; the CPU time is that of all
 * brokers while they grow.
 */
final class CatchUp {
    private static final int RECORD_BYTES = 1024;
    private static final int MB = 1024 * 1024;

    private final Map<Integer, BrokerProcess> brokers;
    private final int megabytes;
    private final int partitions;

    private CatchUp(Map<Integer, BrokerProcess> brokers, int megabytes, int partitions) {
        this.brokers = brokers;
        this.megabytes = megabytes;
        this.partitions = partitions;
    }

    public static void main(String[] arguments) throws Exception {
        Path logs = Files.createTempDirectory("catch-up");
        System.err.println("logs of the brokers: " + logs);
        Map<Integer, BrokerProcess> brokers = BrokerProcess.read(Path.of(arguments[0]), logs);
        try {
            for (BrokerProcess broker : brokers.values()) {
                broker.launch();
            }
            CatchUp catchUp = new CatchUp(brokers, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
            for (int round = 1; round <= Integer.parseInt(arguments[3]); round++) {
                catchUp.measure("catch-up-" + round);
            }
        } finally {
            for (BrokerProcess broker : brokers.values()) {
                broker.kill();
                broker.awaitEnd();
            }
        }
    }

    private void measure(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                BrokerProcess.bootstrap(brokers, Set.of()),
                "default.api.timeout.ms",
                120_000,
                "reconnect.backoff.max.ms",
                50))) {
            Conditions.await(
                    "all brokers",
                    () -> admin.describeCluster().nodes().get().size() == brokers.size());
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) brokers.size())))
                    .all()
                    .get();
            Conditions.await("all in sync", () -> areAllInSync(admin, topic));
            BrokerProcess away = brokers.values().stream().reduce((first, second) -> second).orElseThrow();
            BrokerProcess there = brokers.values().iterator().next();
            away.kill();
            away.awaitEnd();
            write(topic, away.id);
            long whole = size(admin, there.id, topic);

            long launchedNs = System.nanoTime();
            away.launch();
            Conditions.await("the first bytes", () -> size(admin, away.id, topic) > 0);
            long already = size(admin, away.id, topic);
            long firstNs = System.nanoTime();
            long cpuMs = cpuMs();
            Conditions.await("all bytes", () -> size(admin, away.id, topic) >= whole);
            long lastNs = System.nanoTime();
            cpuMs = cpuMs() - cpuMs;
            Conditions.await("all in sync again", () -> areAllInSync(admin, topic));
            double seconds = (lastNs - firstNs) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "{\"mb\":%d,\"partitions\":%d,\"growing_s\":%.2f,\"mb_per_s\":%.0f,\"cpu_s_per_gb\":%.2f,\"in_sync_ms\":%d}%n",
                    whole / MB,
                    partitions,
                    seconds,
                    (whole - already) / seconds / MB,
                    cpuMs / 1000.0 / ((whole - already) / (1024.0 * MB)),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - launchedNs));
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    private long cpuMs() throws Exception {
        long sum = 0;
        for (BrokerProcess broker : brokers.values()) {
            sum += broker.cpuMs();
        }
        return sum;
    }

    private boolean areAllInSync(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                .allMatch(partition -> partition.isr().size() == brokers.size());
    }

    private static long size(Admin admin, int broker, String topic) throws Exception {
        long sum = 0;
        for (LogDirDescription folder : admin.describeLogDirs(List.of(broker))
                .allDescriptions()
                .get()
                .get(broker)
                .values()) {
            for (Map.Entry<TopicPartition, ReplicaInfo> replica : folder.replicaInfos().entrySet()) {
                sum += replica.getKey().topic().equals(topic) ? replica.getValue().size() : 0;
            }
        }
        return sum;
    }

    private void write(String topic, int away) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                BrokerProcess.bootstrap(brokers, Set.of(away)),
                "acks",
                "all",
                "enable.idempotence",
                false,
                "batch.size",
                65536,
                "linger.ms",
                5));
        byte[] value = new byte[RECORD_BYTES];
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long record = 0; record < (long) megabytes * MB / RECORD_BYTES; record++) {
                producer.send(new ProducerRecord<>(topic, (int) (record % partitions), null, value));
            }
        }
    }
}
