package io.ottla.cluster;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;

/** What a broker counts of its own polls. Thread-safe. */
public final class PollMeter {
    private final Counter polls;
    private final Counter failures;
    private final Counter suspicions;
    private volatile long heardNs;

    public PollMeter(Clock clock, Metrics metrics) {
        heardNs = clock.monotonicNs();
        polls = metrics.counter("ottla_metadata_polls_total", "Polls of this broker to the controller", Labels.NONE);
        failures = metrics.counter(
                "ottla_metadata_poll_failures_total",
                "Polls that no controller answered: nobody was there, or somebody else is the controller",
                Labels.NONE);
        suspicions = metrics.counter(
                "ottla_metadata_controller_suspicions_total",
                "Times that this broker took the controller for dead",
                Labels.NONE);
        metrics.gauge(
                "ottla_metadata_controller_heard_ms",
                "Milliseconds since a controller answered a poll of this broker",
                Labels.NONE,
                () -> (clock.monotonicNs() - heardNs) / 1e6);
    }

    void polled() {
        polls.increment();
    }

    void failed() {
        failures.increment();
    }

    void suspected() {
        suspicions.increment();
    }

    void heard(long nowNs) {
        heardNs = nowNs;
    }
}
