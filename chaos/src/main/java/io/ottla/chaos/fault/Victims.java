package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Cluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/** Which brokers a fault meets. */
enum Victims {
    ANY,
    LEADER,
    CONTROLLER,
    TWO,
    ALL;

    /** The topic of groups' offsets is there once a group is, and what leads it coordinates; users' topics have the same brokers. */
    private static final String ALWAYS_THERE = "__consumer_offsets";

    List<BrokerNode> choose(Cluster cluster, Random random) throws InterruptedException {
        List<BrokerNode> all = new ArrayList<>(cluster.brokers());
        Collections.shuffle(all, random);
        return switch (this) {
            case ANY -> all.subList(0, 1);
            case TWO -> all.subList(0, 2);
            case ALL -> all;
            case LEADER ->
                List.of(cluster.leader(ALWAYS_THERE, random.nextInt(6)).orElse(all.getFirst()));
            case CONTROLLER -> {
                Optional<BrokerNode> controller = cluster.controller();
                yield List.of(controller.orElse(all.getFirst()));
            }
        };
    }

    static String names(List<BrokerNode> brokers) {
        return "broker "
                + brokers.stream().map(each -> Integer.toString(each.id())).collect(Collectors.joining(" and "));
    }
}
