package io.ottla.simulation;

/** One record that a simulated producer has sent, and what it heard of it. */
final class Sent {
    /** What the producer knows. */
    enum Fate {
        /** Nothing yet. */
        OPEN,
        /** With acks=all: it must never be lost. */
        ACKNOWLEDGED,
        /** It may be there or not. */
        UNKNOWN,
        /** It was refused before it could get anywhere: it must not be there. */
        REFUSED
    }

    private final long id;
    private final PartitionHistory partition;
    private final Promise promise;
    private final int producer;
    private Fate fate = Fate.OPEN;
    private long offset = -1;
    private SentTransaction transaction;

    /** @param producer tells senders apart whose order counts */
    Sent(long id, PartitionHistory partition, Promise promise, int producer) {
        this.id = id;
        this.partition = partition;
        this.promise = promise;
        this.producer = producer;
    }

    long id() {
        return id;
    }

    PartitionHistory partition() {
        return partition;
    }

    Promise promise() {
        return promise;
    }

    int producer() {
        return producer;
    }

    Fate fate() {
        return fate;
    }

    void fate(Fate now) {
        fate = now;
    }

    /** Where it was first seen; -1 where it was not. */
    long offset() {
        return offset;
    }

    /** Null where it is in none. */
    SentTransaction transaction() {
        return transaction;
    }

    void in(SentTransaction itsTransaction) {
        transaction = itsTransaction;
    }

    void seenAt(long at) {
        if (offset < 0) {
            offset = at;
        }
    }

    @Override
    public String toString() {
        return "record " + id + " of producer " + producer + " (" + fate + ")";
    }
}
