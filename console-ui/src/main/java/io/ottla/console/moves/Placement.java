package io.ottla.console.moves;

import java.util.Comparator;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/** Gives each partition as many replicas as it is to have, each on the broker that is best at that moment. */
final class Placement {
    private final Board board;
    private final Goal goal;

    Placement(Board board, Goal goal) {
        this.board = board;
        this.goal = goal;
    }

    /**
     * @param wanted how many replicas a partition is to have
     * @param mendRacks whether replicas that stay may move to get the partition into more racks
     */
    void place(ToIntFunction<TopicPartition> wanted, boolean mendRacks) {
        IntStream order = IntStream.range(0, board.partitions.length);
        if (goal.measure() == Goal.Measure.BYTES) {
            // Large ones first: small ones then fill the gaps.
            order = order.boxed()
                    .sorted(Comparator.comparingLong((Integer p) -> board.bytes[p])
                            .reversed())
                    .mapToInt(Integer::intValue);
        }
        order.forEach(p -> {
            int factor = wanted.applyAsInt(board.partitions[p]);
            while (board.now[p].length > factor) {
                board.remove(p, worst(p));
            }
            while (board.now[p].length < factor) {
                board.add(p, best(p));
            }
            if (mendRacks) {
                mendRacks(p);
            }
        });
    }

    private void mendRacks(int p) {
        for (int tries = board.now[p].length; tries > 0; tries--) {
            int from = doubled(p);
            int to = from < 0 ? -1 : best(p);
            if (to < 0 || board.inRackOf(p, to) > 0) {
                return;
            }
            board.move(p, from, to);
        }
    }

    /** The heaviest follower, if there is one, or else leader, that shares its rack with another replica; or -1. */
    private int doubled(int p) {
        int worst = -1;
        for (int broker : board.now[p]) {
            if (board.inRackOf(p, broker) > 1
                    && (worst < 0
                            || worst == board.before[p][0]
                            || broker != board.before[p][0] && heavier(p, broker, worst))) {
                worst = broker;
            }
        }
        return worst;
    }

    /** Which target to add next: in a new rack if there is one, with little of the topic and of all; -1 for none. */
    private int best(int p) {
        int best = -1;
        boolean bestRack = false;
        for (int broker = 0; broker < board.brokers(); broker++) {
            if (!board.target[broker] || board.has(p, broker)) {
                continue;
            }
            boolean newRack = board.inRackOf(p, broker) == 0;
            if (best < 0 || (newRack == bestRack ? heavier(p, best, broker) : newRack)) {
                best = broker;
                bestRack = newRack;
            }
        }
        return best;
    }

    /** Which replica to give up: one that is no target, then one that shares its rack, then of the heaviest broker. */
    private int worst(int p) {
        int leader = board.now[p][0];
        int worst = -1;
        for (int broker : board.now[p]) {
            boolean spared = broker == leader && board.target[broker];
            if (!spared && (worst < 0 || worse(p, broker, worst))) {
                worst = broker;
            }
        }
        return worst;
    }

    private boolean worse(int p, int broker, int than) {
        if (board.target[broker] != board.target[than]) {
            return !board.target[broker];
        }
        boolean shares = board.inRackOf(p, broker) > 1;
        boolean otherShares = board.inRackOf(p, than) > 1;
        return shares == otherShares ? heavier(p, broker, than) : shares;
    }

    /** Whether a broker carries more than another, by what the goal counts first. */
    private boolean heavier(int p, int broker, int than) {
        int[] ofTopic = board.replicasOfTopic[board.topic[p]];
        int topic = Integer.compare(ofTopic[broker], ofTopic[than]);
        if (goal.eachTopic() && topic != 0) {
            return topic > 0;
        }
        int order = goal.measure() == Goal.Measure.BYTES
                ? Long.compare(board.replicaBytes[broker], board.replicaBytes[than])
                : 0;
        if (order == 0) {
            order = Integer.compare(board.replicas[broker], board.replicas[than]);
        }
        if (order == 0) {
            order = topic;
        }
        if (order == 0) {
            order = Integer.compare(board.background[broker], board.background[than]);
        }
        return order > 0;
    }
}
