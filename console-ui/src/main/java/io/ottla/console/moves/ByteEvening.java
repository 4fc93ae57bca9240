package io.ottla.console.moves;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Moves replicas from brokers with more bytes to brokers with fewer, until none has more than another by two percent of
 * the mean or no single move helps. A replica is taken that is as large as the gap allows, so that few bytes move; those
 * that cost nothing to move go first. Partitions of no bytes stay.
 */
final class ByteEvening {
    private record Sized(long bytes, int partition) implements Comparable<Sized> {
        @Override
        public int compareTo(Sized other) {
            int order = Long.compare(bytes, other.bytes);
            return order == 0 ? Integer.compare(partition, other.partition) : order;
        }
    }

    private static final int MAX_PASSES = 3;
    /** How many replicas are looked at for one that may move, where it isn't known from which on to look. */
    private static final int MAX_LOOKED_AT = 1_000;

    private final Board board;
    private final Tokens tokens;
    private final boolean[] stuck;
    /** Where nothing small enough could be moved, by broker from and to. */
    private final boolean[][] dead;
    /** The replica that was looked at last, by broker from and to: larger ones could not be moved there. */
    private final Sized[][] lastLookedAt;

    private final List<NavigableSet<Sized>> fresh;
    private final List<NavigableSet<Sized>> settled;
    private long mean;
    private long slack;

    ByteEvening(Board board, Tokens tokens) {
        this.board = board;
        this.tokens = tokens;
        stuck = new boolean[board.brokers()];
        dead = new boolean[board.brokers()][board.brokers()];
        lastLookedAt = new Sized[board.brokers()][board.brokers()];
        fresh = lists(board);
        settled = lists(board);
    }

    private static List<NavigableSet<Sized>> lists(Board board) {
        return IntStream.range(0, board.brokers())
                .<NavigableSet<Sized>>mapToObj(broker -> new TreeSet<>())
                .toList();
    }

    void offer(int partition, int broker) {
        if (board.target[broker] && board.bytes[partition] > 0) {
            listOf(partition, broker).add(new Sized(board.bytes[partition], partition));
        }
    }

    private NavigableSet<Sized> listOf(int partition, int broker) {
        return (tokens.price(partition, broker) == Tokens.FREE ? fresh : settled).get(broker);
    }

    void run() {
        long total = 0;
        int brokers = 0;
        for (int broker = 0; broker < stuck.length; broker++) {
            total += board.target[broker] ? board.replicaBytes[broker] : 0;
            brokers += board.target[broker] ? 1 : 0;
        }
        mean = total / brokers;
        slack = mean / 100;
        boolean moved = true;
        // What had no way out may have one once others have moved.
        for (int pass = 0; moved && pass < MAX_PASSES; pass++) {
            moved = false;
            Arrays.fill(stuck, false);
            for (int from = 0; from < stuck.length; from++) {
                Arrays.fill(dead[from], false);
                Arrays.fill(lastLookedAt[from], null);
            }
            for (int from = heaviest(); from >= 0; from = heaviest()) {
                stuck[from] = !relieve(from);
                moved |= !stuck[from];
            }
        }
    }

    /** The broker with most that isn't stuck, if another has clearly less; or -1. */
    private int heaviest() {
        int heaviest = -1;
        long least = Long.MAX_VALUE;
        for (int broker = 0; broker < stuck.length; broker++) {
            if (board.target[broker]) {
                least = Math.min(least, board.replicaBytes[broker]);
                if (!stuck[broker] && (heaviest < 0 || board.replicaBytes[broker] > board.replicaBytes[heaviest])) {
                    heaviest = broker;
                }
            }
        }
        return heaviest >= 0 && board.replicaBytes[heaviest] - least > 2 * slack ? heaviest : -1;
    }

    /** Moves one replica off that broker to the lightest that can take one. */
    private boolean relieve(int from) {
        int[] lightest = lighterThan(from);
        for (int to : lightest) {
            long gap = board.replicaBytes[from] - board.replicaBytes[to];
            long exact = Math.min(board.replicaBytes[from] - mean, mean - board.replicaBytes[to]);
            long fitting = exact > 0 ? exact : gap / 2;
            if (!dead[from][to]) {
                if (moveFitting(from, to, fitting) || moveLargest(from, to, fitting, gap / 2)) {
                    return true;
                }
                dead[from][to] = true;
            }
        }
        for (int to : lightest) {
            if (moveLarger(from, to)) {
                return true;
            }
        }
        return false;
    }

    private int[] lighterThan(int heavy) {
        return IntStream.range(0, stuck.length)
                .filter(broker ->
                        board.target[broker] && board.replicaBytes[broker] < board.replicaBytes[heavy] - 2 * slack)
                .boxed()
                .sorted(Comparator.comparingLong((Integer broker) -> board.replicaBytes[broker]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Moves the largest replica of at most so many bytes, and goes on from it the next time: the limit only sinks. */
    private boolean moveFitting(int from, int to, long limit) {
        Sized end = new Sized(limit, Integer.MAX_VALUE);
        if (moveFirst(fresh.get(from).headSet(end, true).descendingSet(), from, to)) {
            return true;
        }
        Sized last = lastLookedAt[from][to];
        for (Sized candidate : settled.get(from)
                .headSet(last == null || end.compareTo(last) < 0 ? end : last, true)
                .descendingSet()) {
            lastLookedAt[from][to] = candidate;
            if (tokens.mayMove(candidate.partition(), from, to)) {
                take(candidate, from, to);
                return true;
            }
        }
        return false;
    }

    /** Moves the largest replica of more than the one and at most the other number of bytes. */
    private boolean moveLargest(int from, int to, long above, long limit) {
        Sized start = new Sized(above, Integer.MAX_VALUE);
        Sized end = new Sized(limit, Integer.MAX_VALUE);
        return above < limit
                && (moveFirst(fresh.get(from).subSet(start, false, end, true).descendingSet(), from, to)
                        || moveFirst(
                                settled.get(from)
                                        .subSet(start, false, end, true)
                                        .descendingSet(),
                                from,
                                to));
    }

    /** Moves the smallest replica that is larger than half the gap, if the pair is more even afterwards. */
    private boolean moveLarger(int from, int to) {
        long gap = board.replicaBytes[from] - board.replicaBytes[to];
        if (gap - slack <= gap / 2) {
            return false;
        }
        Sized start = new Sized(gap / 2, Integer.MAX_VALUE);
        Sized end = new Sized(gap - slack, -1);
        return moveFirst(fresh.get(from).subSet(start, end), from, to)
                || moveFirst(settled.get(from).subSet(start, end), from, to);
    }

    private boolean moveFirst(Set<Sized> candidates, int from, int to) {
        int looked = 0;
        for (Sized candidate : candidates) {
            if (looked++ == MAX_LOOKED_AT) {
                return false;
            }
            if (tokens.mayMove(candidate.partition(), from, to)) {
                take(candidate, from, to);
                return true;
            }
        }
        return false;
    }

    private void take(Sized replica, int from, int to) {
        listOf(replica.partition(), from).remove(replica);
        tokens.move(replica.partition(), from, to);
        listOf(replica.partition(), to).add(replica);
    }
}
