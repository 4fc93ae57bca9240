package io.ottla.network;

/** For how long a request that is still arriving has not grown. Belongs to the connection's event loop. */
final class StallWatch {
    private static final int NONE = -1;

    private int bytes = NONE;
    private long sinceNs;

    /** No request is arriving, or it is not for its sender to go on. */
    void rest() {
        bytes = NONE;
    }

    /** @return since when, in nanoseconds, the request has had so many bytes; 0 where that is new */
    long stalledNs(int nowBytes, long nowNs) {
        if (nowBytes != bytes) {
            bytes = nowBytes;
            sinceNs = nowNs;
        }
        return nowNs - sinceNs;
    }
}
