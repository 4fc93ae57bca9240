package io.ottla.console.moves;

/** Brings the replicas on a board to what the goal calls even, with few moves. */
final class Evenness {
    private final Board board;
    private final Goal goal;
    private final boolean all;

    /** @param all whether replicas that are where they were may move too, or only those that are new anyway */
    Evenness(Board board, Goal goal, boolean all) {
        this.board = board;
        this.goal = goal;
        this.all = all;
    }

    /**
     * Topics first, if they are to be even by themselves; then all together, in ways that leave the topics even. Both can be
     * had at once: where a broker has more in all than another, it has more of some topic.
     */
    void reach() {
        if (goal.eachTopic()) {
            for (int from = 0; from < board.topic.length; from = board.endOfTopic(from)) {
                evenCounts(
                        from,
                        board.endOfTopic(from),
                        board.replicasOfTopic[board.topic[from]],
                        new ReplicaTokens(board, false));
            }
        }
        ReplicaTokens tokens = new ReplicaTokens(board, goal.eachTopic());
        switch (goal.measure()) {
            case COUNT -> evenCounts(0, board.topic.length, board.replicas, tokens);
            case BYTES -> {
                ByteEvening evening = new ByteEvening(board, tokens);
                offer(0, board.topic.length, evening::offer);
                evening.run();
            }
        }
    }

    private void evenCounts(int from, int to, int[] counts, ReplicaTokens tokens) {
        if (CountEvening.uneven(board.target, counts)) {
            CountEvening evening = new CountEvening(board.target, counts, tokens);
            offer(from, to, evening::offer);
            evening.run();
        }
    }

    private interface Taker {
        void offer(int partition, int broker);
    }

    private void offer(int from, int to, Taker taker) {
        for (int p = from; p < to; p++) {
            for (int broker : board.now[p]) {
                if (all || !board.hadBefore(p, broker)) {
                    taker.offer(p, broker);
                }
            }
        }
    }
}
