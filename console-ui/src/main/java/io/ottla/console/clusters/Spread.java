package io.ottla.console.clusters;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * How evenly a topic, or a cluster, lies on its brokers: the figures that kafka-manager (CMAK) made known, with its
 * formulas. <i>Holders</i> are the brokers with at least one replica; all brokers are those asked for and the holders.
 *
 * <pre>
 * spread       100 × holders / all brokers                       100 is best
 * skew         100 × holders with more than ⌈replicas / holders⌉ replicas / holders      0 is best
 * leader skew  100 × holders that lead more than ⌈partitions / holders⌉ / holders        0 is best
 * </pre>
 *
 * @param percent brokers spread, 0 … 100, rounded down; 100 where there are no brokers
 * @param skewPercent brokers skew, 0 … 100, rounded down
 * @param leaderSkewPercent leader skew, 0 … 100, rounded down
 * @param shares by broker, also of those that hold nothing, and of those that are not among the brokers asked for
 */
public record Spread(int percent, int skewPercent, int leaderSkewPercent, NavigableMap<Integer, Share> shares) {
    /** @param skewed, leaderSkewed whether it is one of those that the two figures count */
    public record Share(int replicas, int leaders, boolean skewed, boolean leaderSkewed) {}

    /** The three figures alone. */
    public record Percents(int spread, int skew, int leaderSkew) {}

    public Percents percents() {
        return new Percents(percent, skewPercent, leaderSkewPercent);
    }

    /** By the leaders that there are. */
    public static Spread of(Collection<Topic> topics, Set<Integer> brokers) {
        Tally tally = new Tally(brokers);
        for (Topic topic : topics) {
            for (Partition partition : topic.partitions()) {
                tally.add(partition.replicas(), partition.leader());
            }
        }
        return tally.spread();
    }

    /** Of a whole cluster, as its survey counts it. */
    public static Spread of(Survey survey) {
        Tally tally = new Tally(survey.brokerIds());
        survey.loads().forEach(tally::add);
        return tally.spread();
    }

    /** How far a broker is above the mean of all, in percent of the mean; below it less than 0. */
    public static int aboveMean(int ofBroker, int ofAll, int brokers) {
        return ofAll == 0 || brokers == 0 ? 0 : Math.round(100f * ofBroker * brokers / ofAll) - 100;
    }

    /** Counts replicas and leaders by broker. */
    public static final class Tally {
        private static final int REPLICAS = 0;
        private static final int LEADERS = 1;

        private final NavigableMap<Integer, int[]> counts = new TreeMap<>();
        private int partitions;
        private int replicas;

        public Tally(Set<Integer> brokers) {
            brokers.forEach(broker -> counts.put(broker, new int[2]));
        }

        void add(int broker, BrokerLoad load) {
            int[] count = counts.computeIfAbsent(broker, id -> new int[2]);
            count[REPLICAS] += load.replicas();
            count[LEADERS] += load.leaders();
            replicas += load.replicas();
            partitions += load.leaders();
        }

        /** Takes in a partition. */
        public void add(List<Integer> brokers, int leader) {
            partitions++;
            for (int broker : brokers) {
                int[] count = counts.computeIfAbsent(broker, id -> new int[2]);
                count[REPLICAS]++;
                count[LEADERS] += broker == leader ? 1 : 0;
                replicas++;
            }
        }

        public Spread spread() {
            int holders = (int) counts.values().stream()
                    .filter(count -> count[REPLICAS] > 0)
                    .count();
            int fairReplicas = holders == 0 ? 0 : Math.ceilDiv(replicas, holders);
            int fairLeaders = holders == 0 ? 0 : Math.ceilDiv(partitions, holders);
            NavigableMap<Integer, Share> shares = new TreeMap<>();
            int skewed = 0;
            int leaderSkewed = 0;
            for (var entry : counts.entrySet()) {
                int[] count = entry.getValue();
                Share share = new Share(
                        count[REPLICAS], count[LEADERS], count[REPLICAS] > fairReplicas, count[LEADERS] > fairLeaders);
                skewed += share.skewed() ? 1 : 0;
                leaderSkewed += share.leaderSkewed() ? 1 : 0;
                shares.put(entry.getKey(), share);
            }
            return new Spread(
                    percent(holders, counts.size(), 100),
                    percent(skewed, holders, 0),
                    percent(leaderSkewed, holders, 0),
                    Collections.unmodifiableNavigableMap(shares));
        }

        private static int percent(int part, int all, int ofNothing) {
            return all == 0 ? ofNothing : (int) (100L * part / all);
        }
    }
}
