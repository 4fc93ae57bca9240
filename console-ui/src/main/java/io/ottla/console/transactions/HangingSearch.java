package io.ottla.console.transactions;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Partition;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks for transactions that hang, in the partitions of a topic, those that a broker leads, or both: open for longer than any
 * may be, and not among what its coordinator has of the producer. Never looks into more than {@link #MAX_PARTITIONS}.
 *
 * @param topic empty for all
 * @param broker its id; empty for all
 * @param minutes the longest that a transaction may be open, see {@code transaction.max.timeout.ms}
 */
public record HangingSearch(String topic, String broker, String minutes) {
    public static final int MAX_PARTITIONS = 5_000;

    /** What brokers allow if they are told nothing else. */
    static final String USUAL_MINUTES = "15";

    private static final int A_REQUEST = 500;
    private static final long MAX_MINUTES = 1_000_000;

    /**
     * What came of it.
     *
     * @param partitions that were looked into
     * @param more whether there would have been others
     * @param gaps what could not be told
     */
    public record Found(List<Hanging> hanging, int partitions, boolean more, List<Wording> gaps) {}

    public static HangingSearch of(Map<String, String> parameters) {
        return new HangingSearch(
                parameters.getOrDefault("topic", "").strip(),
                parameters.getOrDefault("broker", "").strip(),
                parameters.getOrDefault("minutes", USUAL_MINUTES).strip());
    }

    /** Whether it says where to look. */
    public boolean isBounded() {
        return !topic.isEmpty() || !broker.isEmpty();
    }

    /**
     * Looks.
     *
     * @throws Mistyped where it is not said where, or for how long
     */
    public Found run(Visit visit, Instant now) {
        if (!isBounded()) {
            throw new Mistyped(Wording.of("transactions.bad.unbounded"));
        }
        Duration longest = Duration.ofMinutes(TransactionQuery.number("minutes", minutes, MAX_MINUTES));
        List<TopicPartition> all = partitions(visit);
        boolean more = all.size() > MAX_PARTITIONS;
        List<TopicPartition> asked = more ? all.subList(0, MAX_PARTITIONS) : all;
        List<Wording> gaps = new ArrayList<>();
        List<Hanging> open = open(visit, asked, gaps).stream()
                .filter(each -> !each.last().plus(longest).isAfter(now))
                .toList();
        return new Found(unknown(visit, open), asked.size(), more, gaps);
    }

    /** One more than may be looked into where there are too many. */
    private List<TopicPartition> partitions(Visit visit) {
        int leader = broker.isEmpty() ? -1 : (int) TransactionQuery.number("broker", broker, Integer.MAX_VALUE);
        List<TopicPartition> found = new ArrayList<>();
        if (!topic.isEmpty()) {
            visit.topic(topic).partitions().stream()
                    .filter(partition -> !partition.offline() && (leader < 0 || partition.leader() == leader))
                    .map(Partition::id)
                    .forEach(id -> found.add(new TopicPartition(topic, id)));
            return found;
        }
        List<String> names = visit.topicNames();
        for (int from = 0; from < names.size() && found.size() <= MAX_PARTITIONS; from += A_REQUEST) {
            List<String> part = names.subList(from, Math.min(names.size(), from + A_REQUEST));
            Map<String, KafkaFuture<TopicDescription>> answers =
                    visit.asking().describeTopics(part).topicNameValues();
            for (String name : part) {
                try {
                    visit.cluster().await(answers.get(name), Wording.of("doing.topic")).partitions().stream()
                            .filter(partition -> partition.leader() != null
                                    && partition.leader().id() == leader)
                            .forEach(partition -> found.add(new TopicPartition(name, partition.partition())));
                } catch (ClusterFailure gone) {
                    if (gone.reason() != ClusterFailure.Reason.NOT_FOUND) {
                        throw gone;
                    }
                }
            }
        }
        return found;
    }

    /** Transactions that leaders have open. */
    private static List<Hanging> open(Visit visit, List<TopicPartition> partitions, List<Wording> gaps) {
        List<Hanging> open = new ArrayList<>();
        for (int from = 0; from < partitions.size(); from += A_REQUEST) {
            List<TopicPartition> part = partitions.subList(from, Math.min(partitions.size(), from + A_REQUEST));
            DescribeProducersResult answers = visit.asking().describeProducers(part);
            for (TopicPartition at : part) {
                try {
                    visit
                            .cluster()
                            .await(answers.partitionResult(at), Wording.of("doing.producers"))
                            .activeProducers()
                            .stream()
                            .filter(state ->
                                    state.currentTransactionStartOffset().isPresent())
                            .forEach(state -> open.add(hanging(at, state)));
                } catch (ClusterFailure untold) {
                    gaps.add(Wording.of("transactions.hanging.gap", at.toString(), untold.wording()));
                }
            }
        }
        return open;
    }

    private static Hanging hanging(TopicPartition at, ProducerState state) {
        return new Hanging(
                at.topic(),
                at.partition(),
                state.producerId(),
                (short) state.producerEpoch(),
                state.coordinatorEpoch().orElse(0),
                state.currentTransactionStartOffset().orElseThrow(),
                Instant.ofEpochMilli(state.lastTimestamp()));
    }

    /** Those of which no coordinator has that this partition is part of the producer's open transaction. */
    private static List<Hanging> unknown(Visit visit, List<Hanging> open) {
        if (open.isEmpty()) {
            return List.of();
        }
        Set<Long> producers = new TreeSet<>();
        open.forEach(each -> producers.add(each.producerId()));
        Map<Long, String> ids = new HashMap<>();
        // All brokers must answer: what one does not tell would look as if it hung.
        for (TransactionListing listed : visit.cluster()
                .await(
                        visit.asking()
                                .listTransactions(new ListTransactionsOptions().filterProducerIds(producers))
                                .all(),
                        Wording.of("doing.transactions"))) {
            ids.put(listed.producerId(), listed.transactionalId());
        }
        Map<Long, Set<TopicPartition>> known = new HashMap<>();
        ids.forEach((producer, id) -> known.put(producer, partitionsOf(visit, id)));
        return open.stream()
                .filter(each -> !known.getOrDefault(each.producerId(), Set.of())
                        .contains(new TopicPartition(each.topic(), each.partition())))
                .sorted(Comparator.comparing(Hanging::topic)
                        .thenComparingInt(Hanging::partition)
                        .thenComparingLong(Hanging::startOffset))
                .toList();
    }

    private static Set<TopicPartition> partitionsOf(Visit visit, String id) {
        try {
            return new HashSet<>(Transactions.find(visit, id).partitions());
        } catch (ClusterFailure gone) {
            if (gone.reason() == ClusterFailure.Reason.NOT_FOUND) {
                return Set.of();
            }
            throw gone;
        }
    }

    /**
     * The transaction that a producer has open in a partition, if no coordinator knows of it; how old it is does not matter.
     *
     * @throws ClusterFailure where there is none
     */
    public static Hanging find(Visit visit, String topic, int partition, long producerId) {
        visit.require(Action.VIEW_TOPIC, topic);
        List<Wording> gaps = new ArrayList<>();
        List<Hanging> open = open(visit, List.of(new TopicPartition(topic, partition)), gaps).stream()
                .filter(each -> each.producerId() == producerId)
                .toList();
        if (!gaps.isEmpty()) {
            throw new ClusterFailure(ClusterFailure.Reason.NO_ANSWER, gaps.getFirst());
        }
        return unknown(visit, open).stream()
                .findFirst()
                .orElseThrow(() -> new ClusterFailure(
                        open.isEmpty() ? ClusterFailure.Kind.NO_SUCH_TRANSACTION : ClusterFailure.Kind.NOT_HANGING,
                        Wording.of(
                                open.isEmpty() ? "transactions.not-open" : "transactions.not-hanging",
                                topic + "-" + partition,
                                Long.toString(producerId))));
    }

    /** Writes the marker that ends it, as no coordinator will. It is looked at once more before. */
    public static void abort(Visit visit, Hanging hanging) {
        Change change = Change.of(Action.ABORT_HANGING, hanging.topic())
                .with("partition", hanging.partition())
                .with("producer", hanging.producerId())
                .with("start", hanging.startOffset());
        visit.change(change, admin -> {
            Hanging now = find(visit, hanging.topic(), hanging.partition(), hanging.producerId());
            return visit.cluster()
                    .await(
                            admin.abortTransaction(new AbortTransactionSpec(
                                            new TopicPartition(now.topic(), now.partition()),
                                            now.producerId(),
                                            now.epoch(),
                                            now.coordinatorEpoch()))
                                    .all(),
                            Wording.of("doing.abort"));
        });
    }
}
