package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Cluster;
import io.ottla.chaos.cluster.Conditions;
import io.ottla.chaos.history.LogName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** Which brokers a fault meets. */
enum Victims {
    ANY,
    LEADER,
    COORDINATOR,
    TRANSACTION_COORDINATOR,
    CONTROLLER,
    TWO,
    ALL;

    private static final Duration TOLD = Duration.ofMinutes(1);
    /** Who leads a partition of it coordinates groups; it is there once a group is. */
    private static final String OFFSETS = "__consumer_offsets";

    List<BrokerNode> choose(Scene scene) throws InterruptedException {
        Cluster cluster = scene.cluster();
        List<BrokerNode> all = new ArrayList<>(cluster.brokers());
        Collections.shuffle(all, scene.random());
        return switch (this) {
            case ANY -> all.subList(0, 1);
            case TWO -> all.subList(0, 2);
            case ALL -> all;
            case LEADER -> List.of(leader(scene, scene.anyLog()));
            case COORDINATOR ->
                List.of(leader(scene, new LogName(OFFSETS, scene.random().nextInt(Cluster.OFFSETS_PARTITIONS))));
            case TRANSACTION_COORDINATOR ->
                List.of(await("somebody coordinates an open transaction", cluster::transactionCoordinator));
            case CONTROLLER -> List.of(await("somebody is the controller", cluster::controller));
        };
    }

    private static BrokerNode leader(Scene scene, LogName log) throws InterruptedException {
        return await("somebody leads " + log, () -> scene.cluster().leader(log.topic(), log.partition()));
    }

    /** Who it is, once it is told. */
    private static BrokerNode await(String what, Question question) throws InterruptedException {
        AtomicReference<BrokerNode> told = new AtomicReference<>();
        boolean is = Conditions.await(TOLD, () -> {
            question.ask().ifPresent(told::set);
            return told.get() != null;
        });
        Fault.require(is, what);
        return told.get();
    }

    @FunctionalInterface
    private interface Question {
        Optional<BrokerNode> ask() throws InterruptedException;
    }

    static String names(List<BrokerNode> brokers) {
        return "broker "
                + brokers.stream().map(each -> Integer.toString(each.id())).collect(Collectors.joining(" and "));
    }
}
