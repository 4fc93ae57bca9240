package io.ottla.coordinator.group.assign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Shares partitions out so evenly that no chain of moves could make it more even: whoever is reached by handing partitions
 * on from one subscriber to the next has at most one less than who they come from. Everybody keeps what it has as far as
 * that allows; a partition that has found no owner yet goes before one that somebody has.
 */
final class EvenShares {
    private final Layout layout;
    private final int[] homes;
    private final int[] owners;
    private final int[] loads;
    private final int[] topicOf;
    private final IntStack[] held;
    /** The members of each subscription, by load. */
    private final List<TreeSet<Integer>> byLoad = new ArrayList<>();

    /** @param homes by partition: who has it so far, or nobody */
    EvenShares(Layout layout, int[] homes) {
        this.layout = layout;
        this.homes = homes;
        this.owners = homes.clone();
        this.loads = new int[layout.members()];
        this.topicOf = new int[layout.partitions()];
        this.held = new IntStack[layout.members()];
        Arrays.setAll(held, member -> new IntStack());
        for (int topic = 0; topic < layout.topics(); topic++) {
            Arrays.fill(topicOf, layout.firstPartition(topic), layout.firstPartition(topic + 1), topic);
        }
        for (int partition = 0; partition < owners.length; partition++) {
            if (owners[partition] != Layout.NONE) {
                held[owners[partition]].push(partition);
                loads[owners[partition]]++;
            }
        }
        Comparator<Integer> order =
                Comparator.<Integer>comparingInt(member -> loads[member]).thenComparingInt(member -> member);
        for (int subscription = 0; subscription < layout.subscriptions(); subscription++) {
            TreeSet<Integer> members = new TreeSet<>(order);
            for (int member : layout.membersOf(subscription)) {
                members.add(member);
            }
            byLoad.add(members);
        }
    }

    void share() {
        fill();
        balance();
    }

    /** By partition. */
    int[] owners() {
        return owners;
    }

    /** By member. */
    int[] loads() {
        return loads;
    }

    int topicOf(int partition) {
        return topicOf[partition];
    }

    /** Gives what nobody has to who has least; topics with few subscribers first, since they have the least choice. */
    private void fill() {
        int[] subscribers = new int[layout.topics()];
        for (int topic = 0; topic < subscribers.length; topic++) {
            for (int subscription : layout.subscriptionsTo(topic)) {
                subscribers[topic] += layout.membersOf(subscription).length;
            }
        }
        IntStream.range(0, subscribers.length)
                .boxed()
                .sorted(Comparator.comparingInt(topic -> subscribers[topic]))
                .filter(topic -> subscribers[topic] > 0)
                .forEach(this::fill);
    }

    private void fill(int topic) {
        for (int partition = layout.firstPartition(topic); partition < layout.firstPartition(topic + 1); partition++) {
            if (owners[partition] == Layout.NONE) {
                int least = Layout.NONE;
                for (int subscription : layout.subscriptionsTo(topic)) {
                    int candidate = byLoad.get(subscription).first();
                    if (least == Layout.NONE || isBefore(candidate, least)) {
                        least = candidate;
                    }
                }
                owners[partition] = least;
                held[least].push(partition);
                load(least, 1);
            }
        }
    }

    private boolean isBefore(int member, int other) {
        return loads[member] < loads[other] || loads[member] == loads[other] && member < other;
    }

    private void load(int member, int change) {
        TreeSet<Integer> set = byLoad.get(layout.subscriptionOf(member));
        set.remove(member);
        loads[member] += change;
        set.add(member);
    }

    /**
     * Relieves whoever has most, again and again. Where that can't be done, nobody whom it reaches can be relieved either,
     * nor help anybody else: these subscriptions are settled.
     */
    private void balance() {
        BitSet settled = new BitSet();
        while (true) {
            int most = Layout.NONE;
            for (int i = settled.nextClearBit(0); i < layout.subscriptions(); i = settled.nextClearBit(i + 1)) {
                int candidate = byLoad.get(i).last();
                if (most == Layout.NONE || isBefore(most, candidate)) {
                    most = candidate;
                }
            }
            if (most == Layout.NONE || loads[most] < 2) {
                return;
            }
            Chain chain = new Chain(most, settled);
            if (chain.isFound()) {
                chain.move();
            } else {
                settled.or(chain.reached);
                settled.set(layout.subscriptionOf(most));
            }
        }
    }

    /** A shortest way to hand a partition on, from subscriber to subscriber, until somebody has it who has much less. */
    private final class Chain {
        private final int source;
        private final BitSet settled;
        private final BitSet reached = new BitSet();
        private final BitSet seenTopics = new BitSet();
        private final IntStack queue = new IntStack();
        /** By subscription: which partition its members can be given; whoever has it is who would give it. */
        private final int[] givenBy = new int[layout.subscriptions()];

        private int last = Layout.NONE;

        Chain(int source, BitSet settled) {
            this.source = source;
            this.settled = settled;
            queue.push(source);
            for (int i = 0; i < queue.size() && last == Layout.NONE; i++) {
                IntStack has = held[queue.get(i)];
                if (!reach(has, true)) {
                    reach(has, false);
                }
            }
        }

        /** @param fresh whether to look at what its holder did not have before, or at what it had */
        private boolean reach(IntStack has, boolean fresh) {
            for (int i = 0; i < has.size(); i++) {
                int partition = has.get(i);
                int topic = topicOf[partition];
                if ((homes[partition] != owners[partition]) == fresh && !seenTopics.get(topic)) {
                    seenTopics.set(topic);
                    if (reach(topic, partition)) {
                        return true;
                    }
                }
            }
            return false;
        }

        private boolean reach(int topic, int partition) {
            for (int subscription : layout.subscriptionsTo(topic)) {
                if (reached.get(subscription) || settled.get(subscription)) {
                    continue;
                }
                reached.set(subscription);
                givenBy[subscription] = partition;
                int least = byLoad.get(subscription).first();
                if (loads[least] <= loads[source] - 2) {
                    last = least;
                    return true;
                }
                for (int member : layout.membersOf(subscription)) {
                    if (member != source) {
                        queue.push(member);
                    }
                }
            }
            return false;
        }

        boolean isFound() {
            return last != Layout.NONE;
        }

        void move() {
            int receiver = last;
            while (receiver != source) {
                int partition = givenBy[layout.subscriptionOf(receiver)];
                int giver = owners[partition];
                held[giver].remove(partition);
                held[receiver].push(partition);
                owners[partition] = receiver;
                receiver = giver;
            }
            load(source, -1);
            load(last, 1);
        }
    }
}
