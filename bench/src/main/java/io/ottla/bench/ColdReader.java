package io.ottla.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a consumer that reads old data costs those who produce meanwhile, on any broker that speaks Kafka's protocol and keeps
 * its log on this machine. The old data is first thrown out of the page cache, which {@code mincore} has to confirm.
 * Produce latency is counted from when a record was due, not from when it could be sent. One JSON line a round.
 *
 * <p>The consumer is a process of its own, which gives way to the others: elsewhere it would be another machine's. It reads
 * all once before anything counts, while that is still in memory, so that no round measures how its classes are compiled.
 *
 * <pre>
 *   ColdReader PORT LOG_FOLDER FILL_MB ROUNDS
 * </pre>
 */
public final class ColdReader {
    private static final String COLD = "cold-reader-old";
    private static final String HOT = "cold-reader-new";
    private static final String READ = "read";
    private static final int RECORD_BYTES = 1024;
    private static final int RECORDS_PER_S = 1_000;
    private static final int WARM_S = 10;
    private static final long S = 1_000_000_000L;

    private final String bootstrap;
    private final Path folder;
    private final long fillBytes;
    private final PageCache pages = new PageCache();
    private final byte[] value = new byte[RECORD_BYTES];

    private ColdReader(int port, Path logs, long fillBytes) {
        this.bootstrap = "127.0.0.1:" + port;
        this.folder = logs.resolve(COLD + "-0");
        this.fillBytes = fillBytes;
        new Random(1).nextBytes(value);
    }

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        if (arguments[1].equals(READ)) {
            readWheneverTold("127.0.0.1:" + port);
        } else {
            new ColdReader(port, Path.of(arguments[1]), Long.parseLong(arguments[2]) << 20)
                    .run(Integer.parseInt(arguments[3]));
        }
    }

    private void run(int rounds) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap);
        try (Admin admin = Admin.create(settings);
                Reader reader = new Reader(bootstrap)) {
            create(admin, List.of(new NewTopic(COLD, 1, (short) 1), new NewTopic(HOT, 1, (short) 1)));
            fill();
            reader.readAll();
            measure(Until.seconds(WARM_S));
            for (int round = 1; round <= rounds; round++) {
                Measured alone = measure(Until.seconds(WARM_S));
                long resident = dropOldData();
                long start = System.nanoTime();
                reader.begin();
                Measured beside = measure(reader::isDone);
                report(round, resident, (System.nanoTime() - start) / (double) S, alone, beside);
            }
            admin.deleteTopics(List.of(COLD, HOT)).all().get();
        }
    }

    /** When a measurement ends. */
    private interface Until {
        boolean isReached();

        static Until seconds(int seconds) {
            long end = System.nanoTime() + seconds * S;
            return () -> System.nanoTime() >= end;
        }
    }

    private static void create(Admin admin, List<NewTopic> topics) throws ExecutionException, InterruptedException {
        for (NewTopic topic : topics) {
            admin.createTopics(List.of(topic)).all().get();
        }
    }

    private void fill() {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "batch.size", 262_144, "linger.ms", 5);
        try (KafkaProducer<byte[], byte[]> producer = producer(settings)) {
            for (long written = 0; written < fillBytes; written += RECORD_BYTES) {
                producer.send(new ProducerRecord<>(COLD, 0, null, value));
            }
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Throws the old data out of memory; returns how many bytes of it stayed, as the operating system counts. */
    private long dropOldData() throws IOException {
        long resident = 0;
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(folder, "*.log")) {
            for (Path segment : segments) {
                pages.drop(segment);
                resident += pages.residentBytes(segment);
            }
        }
        return resident;
    }

    /** What {@link Reader} starts: reads all old data for each line of its input, and answers with a line. */
    private static void readWheneverTold(String bootstrap) throws IOException {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrap, "enable.auto.commit", false, "max.partition.fetch.bytes", 4 << 20);
        TopicPartition partition = new TopicPartition(COLD, 0);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            while (input.readLine() != null) {
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                while (consumer.position(partition) < end) {
                    consumer.poll(Duration.ofSeconds(1));
                }
                System.out.println("done");
            }
        }
    }

    /** The consumer's process. */
    private static final class Reader implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;

        Reader(String bootstrap) throws IOException {
            process = new ProcessBuilder(
                            "nice",
                            "-n",
                            "19",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            ColdReader.class.getName(),
                            bootstrap.substring(bootstrap.indexOf(':') + 1),
                            READ)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            answers = process.inputReader(StandardCharsets.UTF_8);
        }

        void begin() throws IOException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }

        /** Whether what was begun is over; true once. */
        boolean isDone() {
            try {
                return answers.ready() && answers.readLine() != null;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        void readAll() throws IOException {
            begin();
            if (answers.readLine() == null) {
                throw new IOException("The reader ended: see its errors above");
            }
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
        }
    }

    /** What a measurement saw, sorted, in nanoseconds. */
    private static final class Measured {
        /** From when a record was due until it was acknowledged. */
        private final long[] latencies;
        /** From when it was due until this program came to send it: what the machine owes it, not the broker. */
        private final long[] lateness;

        Measured(long[] latencies, long[] lateness) {
            this.latencies = latencies;
            this.lateness = lateness;
        }
    }

    private static long[] sorted(long[] values, int count) {
        long[] all = Arrays.copyOf(values, count);
        Arrays.sort(all);
        return all;
    }

    /** Produces with acks=all at a steady rate. */
    private Measured measure(Until until) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 0);
        long[] latencies = new long[RECORDS_PER_S * 600];
        long[] lateness = new long[latencies.length];
        AtomicInteger count = new AtomicInteger();
        int sent = 0;
        try (KafkaProducer<byte[], byte[]> producer = producer(settings)) {
            producer.partitionsFor(HOT);
            long start = System.nanoTime();
            for (; sent < latencies.length && !until.isReached(); sent++) {
                long due = start + sent * (S / RECORDS_PER_S);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                lateness[sent] = System.nanoTime() - due;
                producer.send(new ProducerRecord<>(HOT, 0, null, value), (written, failure) -> {
                    if (failure != null) {
                        throw new IllegalStateException(failure);
                    }
                    latencies[count.getAndIncrement()] = System.nanoTime() - due;
                });
            }
        }
        return new Measured(sorted(latencies, count.get()), sorted(lateness, sent));
    }

    private void report(int round, long residentBytes, double readS, Measured alone, Measured beside) {
        System.out.printf(
                Locale.ROOT,
                "{\"round\":%d,\"old_mb\":%d,\"old_mb_in_memory\":%.1f,\"read_s\":%.1f,\"read_mb_per_s\":%.0f,"
                        + "\"alone\":%s,\"beside\":%s,\"p99_ratio\":%.2f}%n",
                round,
                fillBytes >> 20,
                residentBytes / 1048576.0,
                readS,
                (fillBytes >> 20) / readS,
                figures(alone),
                figures(beside),
                (double) at(beside.latencies, 0.99) / at(alone.latencies, 0.99));
    }

    private static String figures(Measured measured) {
        long[] latencies = measured.latencies;
        return String.format(
                Locale.ROOT,
                "{\"records\":%d,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"p999_ms\":%.2f,\"max_ms\":%.2f,\"sent_late_p99_ms\":%.2f}",
                latencies.length,
                at(latencies, 0.5) / 1e6,
                at(latencies, 0.99) / 1e6,
                at(latencies, 0.999) / 1e6,
                at(latencies, 1) / 1e6,
                at(measured.lateness, 0.99) / 1e6);
    }

    private static long at(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)];
    }
}
