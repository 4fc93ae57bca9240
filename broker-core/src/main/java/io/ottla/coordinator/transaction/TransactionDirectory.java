package io.ottla.coordinator.transaction;

import io.ottla.coordinator.Call;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Gathering;
import io.ottla.coordinator.Shards;
import io.ottla.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.Errors;

/** What transactional ids there are here: listed and described (KIP-664). Thread-safe; answers come on any thread, once. */
public final class TransactionDirectory {
    private final Shards<TransactionMachine, TransactionRecord> shards;
    private final Clock clock;

    TransactionDirectory(Shards<TransactionMachine, TransactionRecord> shards, Clock clock) {
        this.shards = shards;
        this.clock = clock;
    }

    /**
     * Which ids are wanted. What is empty, or negative, leaves none out.
     *
     * @param states by their Kafka names
     * @param openMs only those whose transaction has been open for longer (KIP-994)
     */
    public record Filter(Set<String> states, Set<Long> producers, long openMs) {
        private boolean wants(TransactionMetadata metadata, long nowMs) {
            return (states.isEmpty() || states.contains(metadata.state().shown()))
                    && (producers.isEmpty()
                            || producers.contains(metadata.producer().id()))
                    && (openMs < 0 || metadata.startMs() >= 0 && nowMs - metadata.startMs() > openMs);
        }
    }

    /**
     * Lists the ids of all shards here; COORDINATOR_LOAD_IN_PROGRESS while one of them is loading. States that there are
     * not are told back.
     */
    public void list(Filter filter, Consumer<ListTransactionsResponseData> answer) {
        List<String> unknown = filter.states().stream()
                .filter(state -> TransactionState.named(state) == null)
                .toList();
        List<Integer> numbers = shards.numbers();
        if (numbers.isEmpty()) {
            answer.accept(new ListTransactionsResponseData().setUnknownStateFilters(unknown));
            return;
        }
        long nowMs = clock.wallMs();
        Gathering<ListTransactionsResponseData> gathering =
                new Gathering<>(numbers.size(), parts -> answer.accept(together(parts, unknown)));
        for (int i = 0; i < numbers.size(); i++) {
            shards.submit(
                    numbers.get(i),
                    new Call<>(
                            (machine, call) -> Effects.now(call.with(list(machine, filter, nowMs))),
                            error -> new ListTransactionsResponseData().setErrorCode(error.code()),
                            gathering.at(i)));
        }
    }

    private static ListTransactionsResponseData list(TransactionMachine machine, Filter filter, long nowMs) {
        ListTransactionsResponseData response = new ListTransactionsResponseData();
        machine.all().forEach((id, metadata) -> {
            if (filter.wants(metadata, nowMs)) {
                response.transactionStates()
                        .add(new ListTransactionsResponseData.TransactionState()
                                .setTransactionalId(id)
                                .setProducerId(metadata.producer().id())
                                .setTransactionState(metadata.state().shown()));
            }
        });
        return response;
    }

    private static ListTransactionsResponseData together(
            List<ListTransactionsResponseData> parts, List<String> unknown) {
        ListTransactionsResponseData all = new ListTransactionsResponseData().setUnknownStateFilters(unknown);
        for (ListTransactionsResponseData part : parts) {
            Errors error = Errors.forCode(part.errorCode());
            if (error == Errors.NONE) {
                all.transactionStates().addAll(part.transactionStates());
            } else if (error != Errors.NOT_COORDINATOR) {
                return new ListTransactionsResponseData()
                        .setErrorCode(error.code())
                        .setUnknownStateFilters(unknown);
            }
        }
        return all;
    }

    /** Describes ids, each for itself, in the order asked; one that is not known is refused. */
    public void describe(List<String> ids, Consumer<List<DescribeTransactionsResponseData.TransactionState>> answer) {
        if (ids.isEmpty()) {
            answer.accept(List.of());
            return;
        }
        Gathering<DescribeTransactionsResponseData.TransactionState> gathering = new Gathering<>(ids.size(), answer);
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            if (id.isEmpty()) {
                gathering.at(i).accept(undescribed(id, Errors.INVALID_REQUEST));
                continue;
            }
            shards.submit(
                    id,
                    new Call<>(
                            (machine, call) -> {
                                TransactionMetadata present = machine.get(id);
                                return Effects.read(
                                        id,
                                        present == null
                                                ? call.with(Errors.TRANSACTIONAL_ID_NOT_FOUND)
                                                : call.with(described(id, present)));
                            },
                            error -> undescribed(id, error),
                            gathering.at(i)));
        }
    }

    private static DescribeTransactionsResponseData.TransactionState undescribed(String id, Errors error) {
        return new DescribeTransactionsResponseData.TransactionState()
                .setTransactionalId(id)
                .setErrorCode(error.code());
    }

    private static DescribeTransactionsResponseData.TransactionState described(String id, TransactionMetadata present) {
        DescribeTransactionsResponseData.TransactionState described =
                new DescribeTransactionsResponseData.TransactionState()
                        .setTransactionalId(id)
                        .setProducerId(present.producer().id())
                        .setProducerEpoch(present.producer().epoch())
                        .setTransactionTimeoutMs(present.timeoutMs())
                        .setTransactionState(present.state().shown())
                        .setTransactionStartTimeMs(present.startMs());
        Map<String, TopicData> topics = new TreeMap<>();
        present.partitions()
                .forEach(partition -> topics.computeIfAbsent(
                                partition.topic(),
                                name -> new TopicData().setTopic(name).setPartitions(new ArrayList<>()))
                        .partitions()
                        .add(partition.partition()));
        topics.values().forEach(described.topics()::add);
        return described;
    }
}
