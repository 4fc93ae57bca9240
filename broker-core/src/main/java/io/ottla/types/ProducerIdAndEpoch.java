package io.ottla.types;

/**
 * Who a transactional producer is.
 *
 * @param epoch of the producer among those that had the id; -1 where none has had it
 */
public record ProducerIdAndEpoch(long id, short epoch) {
    /** Nobody. */
    public static final ProducerIdAndEpoch NONE = new ProducerIdAndEpoch(-1, (short) -1);

    /** The last epoch that a producer is given; the next one only ends its transaction. */
    private static final short LAST = Short.MAX_VALUE - 1;

    /** Whether a next producer needs another id. */
    public boolean isExhausted() {
        return epoch >= LAST;
    }

    /** The same producer in its next epoch. */
    public ProducerIdAndEpoch next() {
        return new ProducerIdAndEpoch(id, (short) (epoch + 1));
    }
}
