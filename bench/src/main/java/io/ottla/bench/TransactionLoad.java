package io.ottla.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Load by Kafka's own producers, in transactions or with sequence numbers alone, on any broker that speaks Kafka's protocol. Prints one
 * JSON line. CPU is what the process with the given id used.
 *
 * <pre>
 *   TransactionLoad PORT PID transactions RECORDS PARTITIONS PRODUCERS SECONDS   each commits so many records to so many partitions
 *   TransactionLoad PORT PID produce      0|1 SECONDS   one producer, acks=all, without or with idempotence
 * </pre>
 */
public final class TransactionLoad {
    private static final String TOPIC = "transaction-load";
    private static final int MOST_PARTITIONS = 10;
    private static final byte[] VALUE = new byte[100];
    private static final double S = 1e9;

    private final int port;
    private final long pid;

    private TransactionLoad(int port, long pid) {
        this.port = port;
        this.pid = pid;
    }

    public static void main(String[] arguments) throws Exception {
        TransactionLoad load = new TransactionLoad(Integer.parseInt(arguments[0]), Long.parseLong(arguments[1]));
        int[] numbers = Arrays.stream(arguments, 3, arguments.length)
                .mapToInt(Integer::parseInt)
                .toArray();
        load.prepare();
        switch (arguments[2]) {
            case "transactions" -> load.transactions(numbers[0], numbers[1], numbers[2], numbers[3]);
            case "produce" -> load.produce(numbers[0] == 1, numbers[1]);
            default -> throw new IllegalArgumentException("Expected transactions or produce, but got " + arguments[2]);
        }
    }

    private Map<String, Object> client(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", "127.0.0.1:" + port);
        return settings;
    }

    private void prepare() throws Exception {
        try (Admin admin = Admin.create(client(Map.of()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, MOST_PARTITIONS, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        return new KafkaProducer<>(client(more), new ByteArraySerializer(), new ByteArraySerializer());
    }

    // ---- transactions ----

    private void transactions(int records, int partitions, int producers, int seconds) throws Exception {
        List<Committer> all = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            all.add(new Committer("load-" + i, records, partitions));
        }
        long end = System.nanoTime() + (long) (seconds * S);
        long cpu = Processor.cpuMs(pid);
        long began = System.nanoTime();
        for (Committer committer : all) {
            committer.until(end);
        }
        List<Long> commits = new ArrayList<>();
        for (Committer committer : all) {
            commits.addAll(committer.join());
        }
        double took = (System.nanoTime() - began) / S;
        double cpuUs = (Processor.cpuMs(pid) - cpu) * 1e3 / commits.size();
        long[] sorted = commits.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "{\"workload\":\"transactions\",\"records\":%d,\"partitions\":%d,\"producers\":%d,\"per_s\":%.0f,"
                        + "\"commit_p50_ms\":%.2f,\"commit_p99_ms\":%.2f,\"cpu_us_each\":%.0f}%n",
                records,
                partitions,
                producers,
                sorted.length / took,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                cpuUs);
    }

    /** A producer that commits one transaction after the other, on a thread of its own. */
    private final class Committer {
        private final KafkaProducer<byte[], byte[]> producer;
        private final int records;
        private final int partitions;
        private final List<Long> commits = new ArrayList<>();
        private Thread thread;

        Committer(String id, int records, int partitions) {
            this.producer = producer(Map.of("transactional.id", id));
            this.records = records;
            this.partitions = partitions;
            producer.initTransactions();
        }

        void until(long endNs) {
            thread = Thread.ofPlatform().start(() -> {
                for (int n = 0; System.nanoTime() < endNs; n++) {
                    producer.beginTransaction();
                    for (int i = 0; i < records; i++) {
                        producer.send(new ProducerRecord<>(TOPIC, (n + i) % partitions, null, VALUE));
                    }
                    long asked = System.nanoTime();
                    producer.commitTransaction();
                    commits.add(System.nanoTime() - asked);
                }
                producer.close();
            });
        }

        List<Long> join() throws InterruptedException {
            thread.join();
            return commits;
        }
    }

    // ---- idempotence ----

    private void produce(boolean idempotent, int seconds) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(
                Map.of("enable.idempotence", idempotent, "acks", "all", "max.in.flight.requests.per.connection", 5))) {
            long cpu = Processor.cpuMs(pid);
            long began = System.nanoTime();
            long end = began + (long) (seconds * S);
            long count = 0;
            while ((count & 0xFF) != 0 || System.nanoTime() < end) {
                producer.send(new ProducerRecord<>(TOPIC, (int) (count++ % MOST_PARTITIONS), null, VALUE));
            }
            producer.flush();
            double took = (System.nanoTime() - began) / S;
            System.out.printf(
                    Locale.ROOT,
                    "{\"workload\":\"produce\",\"idempotent\":%d,\"per_s\":%.0f,\"cpu_s_per_million\":%.3f}%n",
                    idempotent ? 1 : 0,
                    count / took,
                    (Processor.cpuMs(pid) - cpu) * 1e3 / count);
        }
    }
}
