package io.ottla.chaos.workload;

import io.ottla.chaos.history.LogName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The clients of a round, on topics of its own. */
public final class Workload {
    /**
     * How many there are, and how busy.
     *
     * @param transactional producers with an id of their own; two more share one
     * @param members of each group of readers and of copiers
     */
    public record Size(
            int topics, int partitions, int producers, int transactional, int readers, int members, long pauseMs) {
        public static final Size USUAL = new Size(2, 3, 4, 2, 2, 2, 15);
    }

    private final List<Client> producers = new ArrayList<>();
    private final List<Client> readers = new ArrayList<>();
    private final List<LogName> logs;
    private final List<String> transactionalIds = new ArrayList<>();
    private final List<String> copiers = new ArrayList<>();

    /** @param prefix of the names of topics, which are there, and of groups */
    public Workload(String prefix, Size size, long seed, String bootstrap, Recorder recorder) {
        Random random = new Random(seed);
        List<String> topics = topics(prefix, size);
        logs = topics.stream()
                .flatMap(topic -> IntStream.range(0, size.partitions).mapToObj(each -> new LogName(topic, each)))
                .toList();
        for (int i = 0; i < size.producers; i++) {
            producers.add(
                    new ProducerClient("producer-" + i, random.nextLong(), bootstrap, logs, recorder, size.pauseMs));
        }
        for (int i = 0; i < size.transactional + 2; i++) {
            boolean alone = i < size.transactional;
            String id = prefix + "writer-" + Math.min(i, size.transactional);
            if (!transactionalIds.contains(id)) {
                transactionalIds.add(id);
            }
            producers.add(new TransactionalProducer(
                    "transactional-" + i,
                    random.nextLong(),
                    id,
                    bootstrap,
                    logs,
                    recorder,
                    size.pauseMs,
                    alone ? 50 : 2_000));
        }
        for (int i = 0; i < size.readers; i++) {
            readers.add(new AssignedReader("reader-" + i, random.nextLong(), bootstrap, logs, recorder));
        }
        for (String protocol : List.of("classic", "consumer")) {
            copiers.add(prefix + protocol + "-copiers");
            for (int i = 0; i < size.members; i++) {
                readers.add(new GroupReader(
                        protocol + "-" + i,
                        random.nextLong(),
                        bootstrap,
                        topics,
                        prefix + protocol,
                        protocol,
                        recorder));
                transactionalIds.add(prefix + protocol + "-copier-" + i);
                producers.add(new Copier(
                        transactionalIds.getLast(),
                        random.nextLong(),
                        bootstrap,
                        topics.getFirst(),
                        logs.stream()
                                .filter(log -> !log.topic().equals(topics.getFirst()))
                                .toList(),
                        copiers.getLast(),
                        protocol,
                        recorder));
            }
        }
    }

    public static List<String> topics(String prefix, Size size) {
        return IntStream.range(0, size.topics)
                .mapToObj(each -> prefix + (char) ('a' + each))
                .toList();
    }

    public List<LogName> logs() {
        return logs;
    }

    /** The groups whose offsets move with transactions. */
    public List<String> copiers() {
        return copiers;
    }

    public List<String> transactionalIds() {
        return transactionalIds;
    }

    public void start() {
        producers.forEach(Client::start);
        readers.forEach(Client::start);
    }

    /** Returns when nothing is on its way any more. */
    public void stopProducers() throws InterruptedException {
        stop(producers);
    }

    public void stopReaders() throws InterruptedException {
        stop(readers);
    }

    private static void stop(List<Client> clients) throws InterruptedException {
        clients.forEach(Client::stop);
        for (Client client : clients) {
            client.join();
        }
    }
}
