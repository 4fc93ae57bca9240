package io.ottla.coordinator;

/** What makes shards of one coordinator: the topic, its records, its state. */
public interface ShardKind<M extends ShardMachine<R>, R> {
    /** The internal topic. */
    String topic();

    /** For names of metrics, as Kafka has them: {@code group-coordinator}. */
    String coordinator();

    RecordFormat<R> format();

    /**
     * The state of a shard before its log is applied.
     *
     * @param partition the shard's number
     */
    M machine(ShardContext<M, R> context, int partition);
}
