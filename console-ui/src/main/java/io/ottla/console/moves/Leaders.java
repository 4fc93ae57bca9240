package io.ottla.console.moves;

import java.util.BitSet;

/**
 * Chooses the first replica of each partition: the one it was, where it stays; else the one with fewest leaders, rather
 * one that is up and has the data already. Then evens out the number of leaders.
 */
final class Leaders implements Tokens {
    private final Board board;
    private final int[] leaders;
    private final int[] counts;
    private final int[][] countsOfTopic;
    private final BitSet free = new BitSet();
    private boolean keepHolders;
    /** How many more leaders of a topic the giving broker must have than the taking one. */
    private int topicLead = Integer.MIN_VALUE;

    /** @param counts by broker, of partitions that stay as they are */
    Leaders(Board board, int[] counts) {
        this.board = board;
        this.counts = counts;
        leaders = new int[board.partitions.length];
        countsOfTopic = new int[board.topics][board.brokers()];
    }

    /**
     * @param all whether any partition may get another leader, or only those whose leader goes
     * @param eachTopic whether each topic is to be even by itself too
     */
    int[] choose(boolean all, boolean eachTopic) {
        keepHolders = !all;
        for (int p = 0; p < leaders.length; p++) {
            int leader = board.before[p][0];
            if (board.has(p, leader)) {
                lead(p, leader);
            }
            free.set(p, all || !board.has(p, leader));
        }
        for (int p = 0; p < leaders.length; p++) {
            if (!board.has(p, board.before[p][0])) {
                lead(p, successor(p));
            }
        }
        if (eachTopic) {
            for (int from = 0; from < leaders.length; from = board.endOfTopic(from)) {
                even(from, board.endOfTopic(from), countsOfTopic[board.topic[from]]);
            }
        }
        if (eachTopic) {
            // First in ways that leave topics as even as they are; what then is left matters more than one topic.
            topicLead = 1;
            even(0, leaders.length, counts);
            topicLead = 0;
        }
        even(0, leaders.length, counts);
        return leaders;
    }

    private void lead(int p, int broker) {
        leaders[p] = broker;
        counts[broker]++;
        countsOfTopic[board.topic[p]][broker]++;
    }

    private int successor(int p) {
        int best = board.now[p][0];
        for (int broker : board.now[p]) {
            int order = Integer.compare(fitness(p, broker), fitness(p, best));
            if (order > 0 || order == 0 && counts[broker] < counts[best]) {
                best = broker;
            }
        }
        return best;
    }

    private int fitness(int p, int broker) {
        return (board.target[broker] ? 2 : 0) + (board.hadBefore(p, broker) ? 1 : 0);
    }

    private void even(int from, int to, int[] load) {
        if (CountEvening.uneven(board.target, load)) {
            CountEvening evening = new CountEvening(board.target, load, this);
            for (int p = free.nextSetBit(from); p >= 0 && p < to; p = free.nextSetBit(p + 1)) {
                evening.offer(p, leaders[p]);
            }
            evening.run();
        }
    }

    @Override
    public boolean holds(int partition, int broker) {
        return leaders[partition] == broker;
    }

    @Override
    public boolean mayMove(int partition, int from, int to) {
        int[] ofTopic = countsOfTopic[board.topic[partition]];
        return ofTopic[from] - ofTopic[to] >= topicLead
                && board.has(partition, to)
                && (!keepHolders || fitness(partition, to) >= fitness(partition, from));
    }

    @Override
    public void move(int partition, int from, int to) {
        counts[from]--;
        countsOfTopic[board.topic[partition]][from]--;
        lead(partition, to);
    }

    @Override
    public int price(int partition, int broker) {
        return board.before[partition][0] == broker ? MOVE : FREE;
    }
}
