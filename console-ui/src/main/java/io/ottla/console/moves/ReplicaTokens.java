package io.ottla.console.moves;

/**
 * @param keepTopics whether a topic that is even stays so: its replicas move only from brokers with more of them to
 *     brokers with fewer
 */
record ReplicaTokens(Board board, boolean keepTopics) implements Tokens {
    @Override
    public boolean holds(int partition, int broker) {
        return board.has(partition, broker);
    }

    @Override
    public boolean mayMove(int partition, int from, int to) {
        int[] ofTopic = board.replicasOfTopic[board.topic[partition]];
        return board.target[to]
                && (!keepTopics || ofTopic[from] > ofTopic[to])
                && !board.has(partition, to)
                && board.keepsRacks(partition, from, to);
    }

    @Override
    public void move(int partition, int from, int to) {
        board.move(partition, from, to);
    }

    @Override
    public int price(int partition, int broker) {
        if (!board.hadBefore(partition, broker)) {
            return FREE;
        }
        return board.before[partition][0] == broker ? MOVE_OF_LEADER : MOVE;
    }
}
