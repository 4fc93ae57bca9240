package io.ottla.coordinator.group.assign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives each member a range of every topic's partitions, the same range in all topics that have as many partitions and the
 * same subscribers, so that records of one key that are in two topics come to one member (KIP-848). Of each topic members
 * have equally many, or one more.
 *
 * <p>Everybody keeps what it has as far as these two rules let it: ranges that were in a row come apart where members come
 * and go. Of equally even ways one is taken in which members read in their own racks (KIP-881); topics that are read together
 * count as near only where all of them are.
 */
public final class RangeAssignor implements GroupAssignor {
    @Override
    public String name() {
        return "range";
    }

    @Override
    public Map<String, Assignment> assign(AssignorInput input) {
        return new Turn(new Layout(input)).assign();
    }

    /** Topics that are read together. */
    private record Kind(BitSet subscriptions, int partitions) {}

    /** One computation. */
    private static final class Turn {
        private final Layout layout;
        private final int[] homes;
        private final int[] owners;
        /** By member: partitions of all topics looked at so far. */
        private final int[] loads;

        Turn(Layout layout) {
            this.layout = layout;
            this.homes = layout.holders();
            this.owners = homes.clone();
            this.loads = new int[layout.members()];
        }

        Map<String, Assignment> assign() {
            Map<Kind, List<Integer>> kinds = new LinkedHashMap<>();
            for (int topic = 0; topic < layout.topics(); topic++) {
                BitSet subscriptions = new BitSet();
                for (int subscription : layout.subscriptionsTo(topic)) {
                    subscriptions.set(subscription);
                }
                int partitions = layout.firstPartition(topic + 1) - layout.firstPartition(topic);
                if (!subscriptions.isEmpty() && partitions > 0) {
                    kinds.computeIfAbsent(new Kind(subscriptions, partitions), kind -> new ArrayList<>())
                            .add(topic);
                }
            }
            kinds.forEach((kind, topics) -> assign(kind, topics));
            return layout.assignments(owners);
        }

        /** A column is the partitions of one number in all topics of a kind; it goes to one member. */
        private void assign(Kind kind, List<Integer> topics) {
            int[] subscribers = subscribers(kind);
            int[] had = columnHolders(topics, kind.partitions());
            int[] columns = had.clone();
            int[] counts = new int[layout.members()];
            for (int holder : columns) {
                if (holder != Layout.NONE) {
                    counts[holder]++;
                }
            }
            int[] quotas = quotas(subscribers, counts, kind.partitions());
            keep(columns, counts, quotas);
            fill(columns, counts, quotas, subscribers);
            if (layout.hasRacks()) {
                new RackSwaps(
                                layout.rackOf(),
                                layout.racks(),
                                racks(topics, kind.partitions()),
                                (member, column) -> kind.subscriptions().get(layout.subscriptionOf(member)),
                                had,
                                columns,
                                counts)
                        .improve();
            }
            for (int topic : topics) {
                System.arraycopy(columns, 0, owners, layout.firstPartition(topic), columns.length);
            }
            for (int member : subscribers) {
                loads[member] += counts[member] * topics.size();
            }
        }

        /** Who has most of each column; of equals the first member. */
        private int[] columnHolders(List<Integer> topics, int partitions) {
            int[] holders = new int[partitions];
            int[] votes = new int[topics.size()];
            for (int column = 0; column < partitions; column++) {
                for (int i = 0; i < votes.length; i++) {
                    votes[i] = homes[layout.firstPartition(topics.get(i)) + column];
                }
                Arrays.sort(votes);
                holders[column] = mostFrequent(votes);
            }
            return holders;
        }

        private static int mostFrequent(int[] sorted) {
            int most = Layout.NONE;
            int mostTimes = 0;
            int times = 0;
            for (int i = 0; i < sorted.length; i++) {
                times = i > 0 && sorted[i] == sorted[i - 1] ? times + 1 : 1;
                if (sorted[i] != Layout.NONE && times > mostTimes) {
                    most = sorted[i];
                    mostTimes = times;
                }
            }
            return most;
        }

        private int[] subscribers(Kind kind) {
            IntStack all = new IntStack();
            for (int i = kind.subscriptions().nextSetBit(0);
                    i >= 0;
                    i = kind.subscriptions().nextSetBit(i + 1)) {
                for (int member : layout.membersOf(i)) {
                    all.push(member);
                }
            }
            int[] sorted = all.toArray();
            Arrays.sort(sorted);
            return sorted;
        }

        /** Who has more keeps the one more that not all can have; else it goes to who has least of other topics. */
        private int[] quotas(int[] subscribers, int[] counts, int partitions) {
            int least = partitions / subscribers.length;
            int[] quotas = new int[layout.members()];
            long[] order = new long[subscribers.length];
            for (int i = 0; i < order.length; i++) {
                int member = subscribers[i];
                quotas[member] = least;
                order[i] = (counts[member] > least ? 0 : 1L << 62) | (long) loads[member] << 31 | member;
            }
            Arrays.sort(order);
            for (int i = 0; i < partitions % subscribers.length; i++) {
                quotas[(int) order[i] & Integer.MAX_VALUE]++;
            }
            return quotas;
        }

        private static void keep(int[] columns, int[] counts, int[] quotas) {
            for (int column = columns.length - 1; column >= 0; column--) {
                int holder = columns[column];
                if (holder != Layout.NONE && counts[holder] > quotas[holder]) {
                    counts[holder]--;
                    columns[column] = Layout.NONE;
                }
            }
        }

        private static void fill(int[] columns, int[] counts, int[] quotas, int[] subscribers) {
            int next = 0;
            for (int column = 0; column < columns.length; column++) {
                if (columns[column] == Layout.NONE) {
                    while (counts[subscribers[next]] == quotas[subscribers[next]]) {
                        next++;
                    }
                    columns[column] = subscribers[next];
                    counts[subscribers[next]]++;
                }
            }
        }

        /** By column: where all of its partitions are. */
        private int[][] racks(List<Integer> topics, int partitions) {
            int[][] racks = new int[partitions][];
            for (int column = 0; column < partitions; column++) {
                BitSet all = null;
                for (int topic : topics) {
                    BitSet of = new BitSet();
                    for (int rack : layout.racksOf(topic, layout.firstPartition(topic) + column)) {
                        of.set(rack);
                    }
                    if (all == null) {
                        all = of;
                    } else {
                        all.and(of);
                    }
                }
                racks[column] = all.stream().toArray();
            }
            return racks;
        }
    }
}
