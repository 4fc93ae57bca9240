package io.ottla.controller;

import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Has brokers lead again what they are preferred for, where others lead too large a share of it. Source: Kafka's
 * documentation of {@code auto.leader.rebalance.enable}, {@code leader.imbalance.per.broker.percentage}.
 */
final class LeaderBalance implements ControllerMachine<Integer> {
    private final int toleratedPercent;
    private final Elections elections;
    private int elected;

    /** @param toleratedPercent of the partitions that a broker is preferred for, those that others may lead */
    LeaderBalance(int toleratedPercent, Elections elections) {
        this.toleratedPercent = toleratedPercent;
        this.elections = elections;
    }

    /** What a broker is preferred for. */
    private static final class Share {
        int preferred;
        final List<TopicPartition> elsewhere = new ArrayList<>();
    }

    /** How many leaders were elected. */
    @Override
    public Integer decide(Draft draft) {
        elected = 0;
        if (draft.registrations().calling()) {
            return elected;
        }
        LeaderElection.Brokers brokers = Elections.brokers(draft, Elections.Returned.NOBODY);
        for (Share share : shares(draft).values()) {
            if (100L * share.elsewhere.size() > (long) toleratedPercent * share.preferred) {
                share.elsewhere.forEach(name -> balance(draft, name, brokers));
            }
        }
        return elected;
    }

    private void balance(Draft draft, TopicPartition name, LeaderElection.Brokers brokers) {
        boolean canBe =
                draft.fault(name) == null && !draft.image().partition(name).isMoving();
        if (canBe && elections.electPreferred(draft, name, brokers)) {
            elected++;
        }
    }

    private static Map<BrokerId, Share> shares(Draft draft) {
        Map<BrokerId, Share> shares = new HashMap<>();
        for (Map.Entry<String, TopicImage> topic : draft.image().topics().entrySet()) {
            int number = 0;
            for (PartitionImage partition : topic.getValue().partitions()) {
                TopicPartition name = new TopicPartition(topic.getKey(), number++);
                BrokerId preferred = partition.replicas().getFirst();
                if (!topic.getValue().deleting() && draft.image().brokers().containsKey(preferred)) {
                    Share share = shares.computeIfAbsent(preferred, id -> new Share());
                    share.preferred++;
                    if (!partition.leader().equals(preferred)) {
                        share.elsewhere.add(name);
                    }
                }
            }
        }
        return shares;
    }

    @Override
    public boolean waitsUntilInForce() {
        return false;
    }

    @Override
    public Elections.Tally tally() {
        return new Elections.Tally(elected);
    }

    @Override
    public Integer refused(Failure failure) {
        return 0;
    }
}
