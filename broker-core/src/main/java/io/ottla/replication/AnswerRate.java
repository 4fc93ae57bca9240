package io.ottla.replication;

/** How many answers a connection gets a second. Noted by one thread at a time, read by one at a time. */
final class AnswerRate {
    private volatile long answers;
    private long answersRead;
    private long readNs;

    AnswerRate(long nowNs) {
        this.readNs = nowNs;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread at a time
    void note() {
        answers++;
    }

    /** A second, since it was read last. */
    double read(long nowNs) {
        long now = answers;
        double rate = (now - answersRead) * 1e9 / Math.max(1, nowNs - readNs);
        answersRead = now;
        readNs = nowNs;
        return rate;
    }
}
