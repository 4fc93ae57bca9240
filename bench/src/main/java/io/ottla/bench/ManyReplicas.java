package io.ottla.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * What many topics of three replicas cost a cluster that runs: to make, and to have. For any brokers of Kafka's protocol.
 *
 * <pre>
 *   ManyReplicas BOOTSTRAP PID,PID,… create TOPICS ROUNDS          one partition each, in one request
 *   ManyReplicas BOOTSTRAP PID,PID,… idle PARTITIONS SECONDS       CPU time of all brokers while no client asks anything
 * </pre>
 */
final class ManyReplicas {
    private static final short REPLICAS = 3;
    private static final int PER_TOPIC = 100;
    private static final Duration SETTLING = Duration.ofSeconds(30);

    private final Admin admin;
    private final List<Long> pids;

    private ManyReplicas(Admin admin, List<Long> pids) {
        this.admin = admin;
        this.pids = pids;
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                arguments[0],
                "request.timeout.ms",
                120_000,
                "default.api.timeout.ms",
                240_000,
                "retry.backoff.max.ms",
                50);
        List<Long> pids = Stream.of(arguments[1].split(",")).map(Long::valueOf).toList();
        int count = Integer.parseInt(arguments[3]);
        int times = Integer.parseInt(arguments[4]);
        try (Admin admin = Admin.create(settings)) {
            ManyReplicas many = new ManyReplicas(admin, pids);
            switch (arguments[2]) {
                case "create" -> {
                    for (int round = 1; round <= times; round++) {
                        many.create(count, "many-topics-" + round + "-");
                    }
                }
                case "idle" -> many.idle(count, times);
                default -> throw new IllegalArgumentException("Expected create or idle, but got " + arguments[2]);
            }
        }
    }

    private void create(int count, String prefix) throws Exception {
        List<NewTopic> topics = new ArrayList<>();
        for (int topic = 0; topic < count; topic++) {
            topics.add(new NewTopic(prefix + topic, 1, REPLICAS));
        }
        long cpuMs = cpuMs();
        long beginNs = System.nanoTime();
        admin.createTopics(topics).all().get();
        long answeredNs = System.nanoTime();
        awaitServed(topics);
        long servedNs = System.nanoTime();
        cpuMs = cpuMs() - cpuMs;
        List<String> names = topics.stream().map(NewTopic::name).toList();
        long deleteNs = System.nanoTime();
        admin.deleteTopics(names).all().get();
        long deletedNs = System.nanoTime();
        System.out.printf(
                Locale.ROOT,
                "{\"topics\":%d,\"create_ms\":%d,\"served_ms\":%d,\"cpu_s\":%.2f,\"delete_ms\":%d}%n",
                count,
                TimeUnit.NANOSECONDS.toMillis(answeredNs - beginNs),
                TimeUnit.NANOSECONDS.toMillis(servedNs - beginNs),
                cpuMs / 1000.0,
                TimeUnit.NANOSECONDS.toMillis(deletedNs - deleteNs));
        Conditions.await("the topics gone", () -> {
            List<String> left = new ArrayList<>(admin.listTopics().names().get());
            left.retainAll(names);
            return left.isEmpty();
        });
    }

    private void awaitServed(List<NewTopic> topics) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (NewTopic topic : topics) {
            for (int partition = 0; partition < topic.numPartitions(); partition++) {
                asked.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        Conditions.await("all partitions to answer", () -> {
            admin.listOffsets(asked).all().get();
            return true;
        });
    }

    private void idle(int count, int seconds) throws Exception {
        List<NewTopic> topics = new ArrayList<>();
        for (int first = 0; first < count; first += PER_TOPIC) {
            topics.add(new NewTopic("many-partitions-" + first, Math.min(PER_TOPIC, count - first), REPLICAS));
        }
        admin.createTopics(topics).all().get();
        awaitServed(topics);
        LockSupport.parkNanos(SETTLING.toNanos());
        long cpuMs = cpuMs();
        long beginNs = System.nanoTime();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
        double elapsed = (System.nanoTime() - beginNs) / 1e9;
        cpuMs = cpuMs() - cpuMs;
        long resident = 0;
        for (Long pid : pids) {
            resident += Processor.residentMb(pid);
        }
        System.out.printf(
                Locale.ROOT,
                "{\"partitions\":%d,\"seconds\":%.1f,\"cpu_percent_of_one\":%.2f,\"resident_mb\":%d}%n",
                count,
                elapsed,
                cpuMs / 10.0 / elapsed,
                resident);
    }

    private long cpuMs() throws Exception {
        long sum = 0;
        for (Long pid : pids) {
            sum += Processor.cpuMs(pid);
        }
        return sum;
    }
}
