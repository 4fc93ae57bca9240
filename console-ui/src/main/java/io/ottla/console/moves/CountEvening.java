package io.ottla.console.moves;

import java.util.Arrays;

/**
 * Moves tokens from brokers with many to brokers with few, until none has two more than another that it can reach. A
 * token may go by way of others: the first gives one to the second, that one of its own to the third. Cheap ones go first.
 */
final class CountEvening {
    private static final int NONE = -1;
    private static final int MAX_PASSES = 10;

    private final boolean[] part;
    private final int[] counts;
    private final Tokens tokens;
    private final int brokers;
    /** Partitions by price and broker; an entry that the broker holds no more is dropped when it is met. */
    private final Numbers[][] held;

    /** Where to look next, by broker from and to: what could not be moved there before is looked at last. */
    private final int[][] cursors;

    private final boolean[][] dead;
    private final boolean[] stuck;
    private final int[] byCount;
    private final int[] reachedFrom;
    private final int[] reachedBy;
    private boolean moved;

    /**
     * @param part brokers that take part
     * @param counts tokens by broker, kept up to date by {@link Tokens#move}
     */
    CountEvening(boolean[] part, int[] counts, Tokens tokens) {
        this.part = part;
        this.counts = counts;
        this.tokens = tokens;
        brokers = counts.length;
        held = new Numbers[Tokens.PRICES][brokers];
        for (Numbers[] ofPrice : held) {
            Arrays.setAll(ofPrice, broker -> new Numbers());
        }
        cursors = new int[brokers][];
        dead = new boolean[brokers][];
        stuck = new boolean[brokers];
        reachedFrom = new int[brokers];
        reachedBy = new int[brokers];
        int size = 0;
        int[] order = new int[brokers];
        for (int broker = 0; broker < brokers; broker++) {
            if (part[broker]) {
                order[size++] = broker;
            }
        }
        byCount = Arrays.copyOf(order, size);
    }

    /** Whether there is anything to do at all. */
    static boolean uneven(boolean[] part, int[] counts) {
        int least = Integer.MAX_VALUE;
        int most = Integer.MIN_VALUE;
        for (int broker = 0; broker < counts.length; broker++) {
            if (part[broker]) {
                least = Math.min(least, counts[broker]);
                most = Math.max(most, counts[broker]);
            }
        }
        return most - 1 > least;
    }

    void offer(int partition, int broker) {
        if (part[broker]) {
            held[tokens.price(partition, broker)][broker].add(partition);
        }
    }

    void run() {
        // What had no way out may have one once others have moved.
        for (int pass = 0; pass < MAX_PASSES; pass++) {
            moved = false;
            Arrays.fill(stuck, false);
            Arrays.fill(dead, null);
            for (int from = heaviest(); from != NONE; from = heaviest()) {
                shift(from);
            }
            if (!moved) {
                return;
            }
        }
    }

    /** The broker with most that isn't stuck, if another has at least two less. */
    private int heaviest() {
        // Nearly sorted since the last time.
        for (int i = 1; i < byCount.length; i++) {
            int broker = byCount[i];
            int j = i;
            for (; j > 0 && after(byCount[j - 1], broker); j--) {
                byCount[j] = byCount[j - 1];
            }
            byCount[j] = broker;
        }
        for (int i = byCount.length - 1; i > 0; i--) {
            int broker = byCount[i];
            if (counts[broker] < counts[byCount[0]] + 2) {
                return NONE;
            }
            if (!stuck[broker]) {
                return broker;
            }
        }
        return NONE;
    }

    private boolean after(int broker, int other) {
        return counts[broker] == counts[other] ? broker > other : counts[broker] > counts[other];
    }

    /** Looks, breadth first, for the shortest way to a broker with two less; what was reached in vain is stuck. */
    private void shift(int from) {
        Arrays.fill(reachedFrom, NONE);
        int[] queue = new int[brokers];
        int size = 0;
        queue[size++] = from;
        reachedFrom[from] = from;
        for (int head = 0; head < size; head++) {
            int at = queue[head];
            for (int next : byCount) {
                if (reachedFrom[next] == NONE) {
                    int partition = movable(at, next);
                    if (partition != NONE) {
                        reachedFrom[next] = at;
                        reachedBy[next] = partition;
                        queue[size++] = next;
                        if (counts[next] <= counts[from] - 2) {
                            if (!follow(from, next)) {
                                stuck[from] = true;
                            }
                            return;
                        }
                    }
                }
            }
        }
        for (int i = 0; i < size; i++) {
            stuck[queue[i]] = true;
        }
    }

    /** Moves along the way found, the last step first, so that no broker is in between with more than it had. */
    private boolean follow(int from, int to) {
        for (int at = to; at != from; at = reachedFrom[at]) {
            int previous = reachedFrom[at];
            int partition = reachedBy[at];
            // A step behind this one may have moved the same partition or topic.
            if (!tokens.holds(partition, previous) || !tokens.mayMove(partition, previous, at)) {
                return false;
            }
            tokens.move(partition, previous, at);
            offer(partition, at);
            moved = true;
        }
        return true;
    }

    private int movable(int from, int to) {
        if (dead[from] != null && dead[from][to]) {
            return NONE;
        }
        for (int price = 0; price < Tokens.PRICES; price++) {
            int partition = movable(price, from, to);
            if (partition != NONE) {
                return partition;
            }
        }
        if (dead[from] == null) {
            dead[from] = new boolean[brokers];
        }
        dead[from][to] = true;
        return NONE;
    }

    private int movable(int price, int from, int to) {
        Numbers candidates = held[price][from];
        if (candidates.size() == 0) {
            return NONE;
        }
        if (cursors[from] == null) {
            cursors[from] = new int[Tokens.PRICES * brokers];
        }
        int slot = Tokens.PRICES * to + price;
        int cursor = cursors[from][slot];
        int left = candidates.size();
        while (left > 0 && candidates.size() > 0) {
            cursor = cursor >= candidates.size() ? 0 : cursor;
            int partition = candidates.get(cursor);
            if (!tokens.holds(partition, from)) {
                candidates.removeSwapping(cursor);
            } else if (tokens.mayMove(partition, from, to)) {
                cursors[from][slot] = cursor;
                return partition;
            } else {
                cursor++;
                left--;
            }
        }
        return NONE;
    }
}
