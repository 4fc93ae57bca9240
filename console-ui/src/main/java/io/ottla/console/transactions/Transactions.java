package io.ottla.console.transactions;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/** What is asked of and done to transactions that coordinators know, for pages and the API alike. */
public final class Transactions {
    private Transactions() {}

    /**
     * All that brokers list.
     *
     * @param gaps brokers that did not tell theirs
     */
    public record Listing(List<Listed> transactions, List<Wording> gaps) {}

    /** Those that a query is about, by id. */
    public static Listing list(Visit visit, TransactionQuery query) {
        visit.require(Action.VIEW_CLUSTER);
        Map<Integer, KafkaFuture<Collection<TransactionListing>>> answers = visit.cluster()
                .await(visit.asking().listTransactions(query.options()).byBrokerId(), Wording.of("doing.transactions"));
        List<Listed> found = new ArrayList<>();
        List<Wording> gaps = new ArrayList<>();
        ClusterFailure last = null;
        for (Map.Entry<Integer, KafkaFuture<Collection<TransactionListing>>> answer : answers.entrySet()) {
            try {
                visit.cluster().await(answer.getValue(), Wording.of("doing.transactions")).stream()
                        .filter(each -> query.matches(each.transactionalId()))
                        .forEach(each -> found.add(
                                new Listed(each.transactionalId(), each.producerId(), each.state(), answer.getKey())));
            } catch (ClusterFailure untold) {
                last = untold;
                gaps.add(Wording.of("transactions.gap", Integer.toString(answer.getKey()), untold.wording()));
            }
        }
        if (last != null && gaps.size() == answers.size()) {
            throw last;
        }
        found.sort(Comparator.comparing(Listed::id));
        return new Listing(found, gaps);
    }

    /** What coordinators tell of these; of which they tell nothing are left out. */
    static Map<String, Described> describe(Visit visit, Collection<String> ids) {
        DescribeTransactionsResult answers = visit.asking().describeTransactions(ids);
        Map<String, Described> told = new HashMap<>();
        for (String id : ids) {
            try {
                told.put(
                        id,
                        Described.of(
                                id, visit.cluster().await(answers.description(id), Wording.of("doing.transactions"))));
            } catch (ClusterFailure untold) {
                // It ended meanwhile, or its coordinator moves: the list says a dash.
                told.remove(id);
            }
        }
        return told;
    }

    /**
     * One of them.
     *
     * @throws ClusterFailure where there is none
     */
    public static Described find(Visit visit, String id) {
        visit.require(Action.VIEW_CLUSTER);
        try {
            return Described.of(
                    id,
                    visit.cluster()
                            .await(
                                    visit.asking()
                                            .describeTransactions(List.of(id))
                                            .description(id),
                                    Wording.of("doing.transactions")));
        } catch (ClusterFailure failure) {
            throw failure.getCause() instanceof TransactionalIdNotFoundException ? noSuch(id, failure) : failure;
        }
    }

    private static ClusterFailure noSuch(String id, ClusterFailure failure) {
        return new ClusterFailure(
                ClusterFailure.Kind.NO_SUCH_TRANSACTION, Wording.of("transactions.no-such", id), failure.getCause());
    }

    /** Where a producer's open transaction begins in each of these partitions, as far as leaders tell. */
    public static Map<TopicPartition, Long> startOffsets(
            Visit visit, long producerId, Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        DescribeProducersResult answers = visit.asking().describeProducers(partitions);
        for (TopicPartition partition : partitions) {
            producer(visit, answers, partition, producerId)
                    .filter(state -> state.currentTransactionStartOffset().isPresent())
                    .ifPresent(state -> offsets.put(
                            partition, state.currentTransactionStartOffset().getAsLong()));
        }
        return offsets;
    }

    private static Optional<ProducerState> producer(
            Visit visit, DescribeProducersResult answers, TopicPartition partition, long producerId) {
        try {
            return visit
                    .cluster()
                    .await(answers.partitionResult(partition), Wording.of("doing.producers"))
                    .activeProducers()
                    .stream()
                    .filter(state -> state.producerId() == producerId)
                    .findFirst();
        } catch (ClusterFailure untold) {
            return Optional.empty();
        }
    }

    /**
     * Aborts what a transactional id has open, by its coordinator: as a producer does that starts again with this id. The one
     * that has it now is fenced off and can't go on.
     */
    public static void abort(Visit visit, String id) {
        visit.change(
                Change.of(Action.ABORT_TRANSACTION, id).with("by", "coordinator"),
                admin -> visit.cluster().await(fence(admin, id), Wording.of("doing.abort")));
    }

    private static KafkaFuture<Void> fence(Admin admin, String id) {
        return admin.fenceProducers(List.of(id)).all();
    }
}
