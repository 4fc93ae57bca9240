package io.ottla.console.lag;

import java.time.Duration;

/** The history of one cluster, which is known while somebody looks. Thread-safe. */
public interface LagWatch extends AutoCloseable {
    /** Where the history comes from. */
    enum Source {
        /** Nobody samples: {@code console.lag.refresh} is 0. */
        OFF,
        /** The cluster keeps it. */
        KEPT,
        /** This console samples while somebody looks, and forgets afterwards. */
        PASSING
    }

    Source source();

    /**
     * Somebody looks: what is known is brought up to date from now on. Waits for it at first, but not for long.
     *
     * @return never absent, but empty before anything is known
     */
    LagHistory look();

    /** The same, for who does not wait: what is known by now. */
    LagHistory known();

    /** Whether what was kept is not read to its end yet. */
    boolean isLoading();

    /** How long it goes back at most. */
    Duration retain();

    @Override
    void close();

    /** Of a cluster that nobody samples. */
    static LagWatch off(Duration retain) {
        LagHistory nothing = new LagHistory(retain);
        return new LagWatch() {
            @Override
            public Source source() {
                return Source.OFF;
            }

            @Override
            public LagHistory look() {
                return nothing;
            }

            @Override
            public LagHistory known() {
                return nothing;
            }

            @Override
            public boolean isLoading() {
                return false;
            }

            @Override
            public Duration retain() {
                return retain;
            }

            @Override
            public void close() {}
        };
    }
}
